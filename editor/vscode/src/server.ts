// What is started for the setting `hallmark.server`.

export interface Command {
  command: string;
  args: string[];
}

/** The command of the language server; an empty setting is the name on the PATH. */
export function serverCommand(setting: string | undefined): Command {
  const command = (setting ?? "").trim();
  return { command: command === "" ? "hallmark-lsp" : command, args: ["--stdio"] };
}
