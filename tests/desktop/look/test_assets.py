import pytest

from desktop.look import assets


def test_a_shipped_file_is_read_by_its_name() -> None:
    assert 'name = "light"' in assets.text("themes/light.toml")
    assert assets.data("themes/light.toml").decode() == assets.text("themes/light.toml")


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/passwd", "icons/../../x"])
def test_no_name_leads_out_of_the_shipped_files(name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        assets.path(name)


def test_a_folder_that_is_not_there_has_no_names() -> None:
    assert assets.names("nowhere", ".svg") == ()
