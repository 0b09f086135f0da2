"""What a tool is: its class, its key argument, and the server of one that an MCP server has.

Agent programs name the same tool differently; one name stands for all of them. A tool that is
in no table keeps its name and is of class ``other``.
"""

from enum import StrEnum
from typing import Final

from core.records.fields import items, mapping


class ToolClass(StrEnum):
    """What kind of work a tool does."""

    READ = "read"
    EDIT = "edit"
    SEARCH = "search"
    SHELL = "shell"
    WEB = "web"
    AGENT = "agent"
    PLAN = "plan"
    ASK = "ask"  # the tool waits for a person by its nature
    MCP = "mcp"
    OTHER = "other"


_NAMES: Final = {
    "Bash": (
        "bash shell exec_command shell_command local_shell run_shell_command run_command "
        "run_terminal run_terminal_cmd run_terminal_command run_in_terminal execute_command "
        "execute_bash shell_exec terminal execute container.exec powershell run_bash"
    ),
    "BashOutput": (
        "bashoutput bash_output write_stdin read_bash write_bash shell_output taskoutput "
        "agentoutputtool get_terminal_output command_status monitor"
    ),
    "KillShell": "killshell killbash taskstop stop_bash kill_shell",
    "Read": "read read_file view view_file open_file fs_read readfile notebookread cat",
    "Write": "write write_file write_to_file create create_file fs_write writefile save_file",
    "Edit": (
        "edit edit_file replace str_replace search_replace replace_in_file replace_file_content "
        "strreplace strreplacefile editfile apply_diff insert_edit_into_file "
        "replace_string_in_file str_replace_editor"
    ),
    "MultiEdit": "multiedit multi_edit multi_replace_file_content",
    "NotebookEdit": "notebookedit notebook_edit edit_notebook",
    "apply_patch": "apply_patch applypatch patch",
    "Grep": (
        "grep grep_search search_file_content search_files ripgrep rg search codebase_search "
        "search_code workspace_search searchtext"
    ),
    "Glob": "glob find file_search find_by_name find_files filesearch",
    "LS": "ls list list_dir list_directory list_files listdir",
    "Task": (
        "task agent subagent new_task spawn_agent delegate runsubagent use_subagent"
    ),
    "TodoWrite": (
        "todowrite todo_write write_todos update_plan update_todo_list manage_todo_list "
        "settodolist todo todolist"
    ),
    "WebFetch": (
        "webfetch web_fetch fetch fetch_url fetchurl read_web_page read_url_content url_fetch"
    ),
    "WebSearch": "websearch web_search google_web_search search_web web_search_call",
    "AskUserQuestion": (
        "askuserquestion ask_followup_question ask_user ask_user_question question "
        "request_user_input askuser"
    ),
    "ExitPlanMode": (
        "exitplanmode exit_plan_mode plan_exit exitspecmode plan_mode_respond exit_spec_mode"
    ),
    "EnterPlanMode": "enterplanmode enter_plan_mode plan_enter",
    "Skill": "skill activate_skill use_skill",
    "ToolSearch": "toolsearch tool_search",
}  # fmt: skip
_ONE_NAME: Final = {alias: name for name, aliases in _NAMES.items() for alias in aliases.split()}
_CLASSES: Final = {
    ToolClass.READ: "Read LS NotebookRead",
    ToolClass.EDIT: "Edit Write MultiEdit NotebookEdit apply_patch",
    ToolClass.SEARCH: "Grep Glob ToolSearch LSP",
    ToolClass.SHELL: "Bash BashOutput KillShell",
    ToolClass.WEB: "WebFetch WebSearch",
    ToolClass.AGENT: "Task SendMessage Skill",
    ToolClass.PLAN: "TodoWrite TodoRead TaskCreate TaskUpdate TaskList TaskGet EnterPlanMode",
    ToolClass.ASK: "AskUserQuestion ExitPlanMode",
}
_CLASS_OF: Final = {name: kind for kind, names in _CLASSES.items() for name in names.split()}
_KEYS: Final = {  # the argument that tells two calls of a class apart, the likeliest name first
    ToolClass.READ: "file_path path absolute_path filePath target_file filename notebook_path",
    ToolClass.EDIT: "file_path path absolute_path filePath target_file filename notebook_path",
    ToolClass.SEARCH: "pattern query glob regex path",
    ToolClass.SHELL: "command cmd script bash_id task_id shell_id session_id",
    ToolClass.WEB: "url query",
    ToolClass.AGENT: "description subagent_type skill prompt",
    ToolClass.ASK: "question plan",
}
_MCP: Final = "mcp__"


def canonical(tool: str) -> str:
    """Return the one name for what *tool* does; *tool* itself if no table has it."""
    return _ONE_NAME.get(tool.lower(), tool)


def tool_class(tool: str) -> ToolClass:
    """Return the class of *tool*, by any of its names."""
    if tool.startswith(_MCP):
        return ToolClass.MCP
    return _CLASS_OF.get(canonical(tool), ToolClass.OTHER)


def server(tool: str) -> tuple[str, str]:
    """Return the MCP server of *tool* and the tool's name there; "" and *tool* for others."""
    if not tool.startswith(_MCP):
        return "", tool
    name, _, rest = tool.removeprefix(_MCP).partition("__")
    return name, rest or tool


def key_argument(tool: str, given: object) -> str:
    """Return what the call of *tool* is about: a path, a command, a pattern; "" if not told.

    *given* is the call's input, decoded. A command that is a list of words is joined; of one
    that hands a script to a shell the script is meant.
    """
    if isinstance(given, str):
        return given
    fields = mapping(given)
    for name in _KEYS.get(tool_class(tool), "path file_path query command url name").split():
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value
        words = [str(word) for word in items(value)]
        if words:
            return words[-1] if len(words) > 2 and words[-2].lower() in _SCRIPT else " ".join(words)
    return ""


_SCRIPT: Final = {"-c", "-lc", "-command", "/c", "-ic"}
