// hallmark in VS Code: starts the language server for JSON and XML, and tells it when settings change.

import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import { serverCommand } from "./server";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("hallmark.restart", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("hallmark.server")) {
        await stop();
        await start();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function start(): Promise<void> {
  const command = serverCommand(vscode.workspace.getConfiguration("hallmark").get<string>("server"));
  const server: ServerOptions = { run: command, debug: command };
  const options: LanguageClientOptions = {
    documentSelector: ["json", "jsonc", "xml"].flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/hallmark.toml") },
  };
  client = new LanguageClient("hallmark", "hallmark", server, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const says = `hallmark: ${command.command} cannot be started (${String(error)}); set hallmark.server to its path`;
    void vscode.window.showErrorMessage(says);
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop();
}
