"""What a tool is: one name for what many agent programs call differently, picture, colour.

The names of Claude Code's tools stand for those of other programs that do the same. A name
that is in no table stays as it is, and its call is shown as JSON.
"""

from typing import Final

from desktop.look import words
from desktop.look.words import translate

PATCH: Final = "apply_patch"

ALIASES: Final = {
    "Bash": (
        "bash", "shell", "exec_command", "shell_command", "local_shell", "run_shell_command",
        "run_command", "run_terminal", "run_terminal_cmd", "run_terminal_command",
        "run_in_terminal", "execute_command", "execute_bash", "shell_exec", "terminal", "Shell",
        "Execute", "container.exec", "execute", "powershell", "run_bash",
    ),
    "BashOutput": (
        "write_stdin", "read_bash", "write_bash", "bash_output", "shell_output", "TaskOutput",
        "AgentOutputTool", "get_terminal_output", "command_status",
    ),
    "KillShell": ("KillBash", "TaskStop", "stop_bash", "kill_shell"),
    "Read": (
        "read", "read_file", "view", "view_file", "open_file", "fs_read", "ReadFile", "readFile",
        "NotebookRead", "ReadMcpResource", "cat",
    ),
    "Write": (
        "write", "write_file", "write_to_file", "create", "create_file", "fs_write", "Create",
        "WriteFile", "save_file",
    ),
    "Edit": (
        "edit", "edit_file", "replace", "str_replace", "search_replace", "replace_in_file",
        "replace_file_content", "StrReplace", "StrReplaceFile", "EditFile", "apply_diff",
        "insert_edit_into_file", "replace_string_in_file", "str_replace_editor",
    ),
    "MultiEdit": ("multiedit", "multi_edit", "multi_replace_file_content"),
    PATCH: ("ApplyPatch", "applyPatch", "patch"),
    "NotebookEdit": ("notebook_edit", "edit_notebook"),
    "Grep": (
        "grep", "grep_search", "search_file_content", "search_files", "ripgrep", "rg", "Search",
        "codebase_search", "search_code", "workspace_search", "SearchText",
    ),
    "Glob": ("glob", "find", "file_search", "find_by_name", "find_files", "FileSearch"),
    "LS": ("ls", "list", "list_dir", "list_directory", "list_files", "ListDir"),
    "Task": (
        "Agent", "task", "agent", "subagent", "new_task", "spawn_agent", "delegate",
        "runSubagent", "use_subagent",
    ),
    "TodoWrite": (
        "todowrite", "todo_write", "write_todos", "update_plan", "update_todo_list",
        "manage_todo_list", "SetTodoList", "todo", "TodoList",
    ),
    "TodoRead": ("todoread", "todo_read"),
    "WebFetch": (
        "webfetch", "web_fetch", "fetch", "fetch_url", "FetchURL", "FetchUrl", "read_web_page",
        "read_url_content", "url_fetch",
    ),
    "WebSearch": ("websearch", "web_search", "google_web_search", "search_web", "web_search_call"),
    "AskUserQuestion": (
        "ask_followup_question", "ask_user", "ask_user_question", "question",
        "request_user_input", "AskUser",
    ),
    "ExitPlanMode": (
        "exit_plan_mode", "plan_exit", "ExitSpecMode", "plan_mode_respond", "exit_spec_mode",
    ),
    "EnterPlanMode": ("enter_plan_mode", "plan_enter"),
    "Skill": ("skill", "activate_skill", "use_skill"),
    "ToolSearch": ("tool_search",),
    "LSP": ("lsp",),
}  # fmt: skip
_CANONICAL: Final = {alias: tool for tool, aliases in ALIASES.items() for alias in aliases}
_LOOKS: Final = {
    "read": ("Read", "LS"),
    "edit": ("Edit", "MultiEdit", "Write", "NotebookEdit", PATCH),
    "run": ("Bash", "BashOutput", "KillShell", "Monitor"),
    "search": ("Grep", "Glob", "ToolSearch", "LSP"),
    "agent": ("Task", "SendMessage", "Skill"),
    "web": ("WebFetch", "WebSearch"),
    "todo": ("TodoWrite", "TodoRead", "TaskCreate", "TaskUpdate", "TaskList", "TaskGet"),
    "plan": ("ExitPlanMode", "EnterPlanMode"),
    "question": ("AskUserQuestion",),
}
_ICON_OF: Final = {tool: icon for icon, tools in _LOOKS.items() for tool in tools}
_TONE_OF: Final = {
    "todo": "mcp",
    "plan": "agent",
    "question": "you",
    "plug": "mcp",
    "unknown": "mcp",
}
_MCP: Final = "mcp__"


def canonical(tool: str) -> str:
    """Return the one name for what *tool* does; *tool* itself if nobody here knows it."""
    return _CANONICAL.get(tool, tool)


def is_mcp(tool: str) -> bool:
    """Return whether *tool* is one of an MCP server."""
    return tool.startswith(_MCP)


def icon(tool: str) -> str:
    """Return the picture of *tool*."""
    return "plug" if is_mcp(tool) else _ICON_OF.get(canonical(tool), "unknown")


def tone(tool: str) -> str:
    """Return the colour token of *tool*."""
    found = icon(tool)
    return _TONE_OF.get(found, found)


def name(tool: str) -> str:
    """Return *tool*'s name for people: "server · tool" for one of an MCP server."""
    if is_mcp(tool):
        server, _, rest = tool.removeprefix(_MCP).partition("__")
        server = server.removeprefix("plugin_").removeprefix("claude_ai_")
        return words.one_line(f"{server} · {rest}" if rest else server, 80)
    return words.one_line(tool, 60) or translate("calls", "(no name)")
