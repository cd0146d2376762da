// The language client's own protocol library against the real server: HALLMARK_LSP names it.

import assert from "node:assert/strict";
import { ChildProcess, spawn } from "node:child_process";
import { test } from "node:test";
import {
  CodeAction,
  CodeActionRequest,
  CompletionList,
  CompletionRequest,
  createProtocolConnection,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentSymbolRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  Location,
  MarkupContent,
  ProtocolConnection,
  PublishDiagnosticsNotification,
  PublishDiagnosticsParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { serverCommand } from "../src/server";

const uri = "file:///feed/patient.json";
const text = `{
  "resourceType": "Patient",
  "contained": [{"resourceType": "Organization", "id": "o", "name": "O"}],
  "identifier": [{"system": "http://fhir.nhs.net/Id/nhs-number", "value": "9990000018"}],
  "managingOrganization": {"reference": "#o"},
  "gender": "woman"
}
`;

function place(mark: string): { line: number; character: number } {
  const at = text.indexOf(mark);
  assert.ok(at >= 0, mark);
  const before = text.slice(0, at).split("\n");
  return { line: before.length - 1, character: before[before.length - 1].length };
}

class Session {
  readonly connection: ProtocolConnection;
  private readonly came: PublishDiagnosticsParams[] = [];
  private waiting: (() => void)[] = [];

  constructor(readonly server: ChildProcess) {
    assert.ok(server.stdout !== null && server.stdin !== null);
    this.connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.came.push(params);
      this.waiting.splice(0).forEach((wake) => wake());
    });
    this.connection.listen();
  }

  async diagnostics(version: number): Promise<PublishDiagnosticsParams> {
    for (;;) {
      const found = this.came.find((params) => params.version === version);
      if (found !== undefined) {
        return found;
      }
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }
}

test("a setting names the server, and an empty one the PATH's", () => {
  assert.deepEqual(serverCommand(undefined), { command: "hallmark-lsp", args: ["--stdio"] });
  assert.deepEqual(serverCommand("  "), { command: "hallmark-lsp", args: ["--stdio"] });
  assert.deepEqual(serverCommand("/opt/hallmark-lsp"), { command: "/opt/hallmark-lsp", args: ["--stdio"] });
});

test("a session of a language client", async () => {
  const binary = process.env.HALLMARK_LSP;
  assert.ok(binary !== undefined, "HALLMARK_LSP names the server");
  const { command, args } = serverCommand(binary);
  const session = new Session(spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] }));
  const ended = new Promise<number | null>((resolve) => session.server.on("exit", resolve));
  const { connection } = session;

  const begun = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
  });
  assert.equal(begun.serverInfo?.name, "hallmark-lsp");
  await connection.sendNotification(InitializedNotification.type, {});
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "json", version: 1, text },
  });

  const wrong = (await session.diagnostics(1)).diagnostics.find((one) => one.code === "HM0115");
  assert.deepEqual(wrong?.range.start, place("woman"));

  const hover = await connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position: place("woman") });
  assert.match((hover?.contents as MarkupContent).value, /\*\*Patient\.gender\*\* 0\.\.1 code/);

  const list = (await connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri },
    position: place("woman"),
  })) as CompletionList;
  assert.deepEqual(
    list.items.map((item) => item.label),
    ["male", "female", "other", "unknown"],
  );

  const target = (await connection.sendRequest(DefinitionRequest.type, {
    textDocument: { uri },
    position: place("#o"),
  })) as Location;
  assert.deepEqual(target.range.start, place('{"resourceType": "Organization"'));

  const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
  assert.ok(symbols !== null && symbols.length === 1);

  const actions = (await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
    context: { diagnostics: [] },
  })) as CodeAction[];
  const system = actions.flatMap((action) => action.edit?.changes?.[uri] ?? []).find((edit) => edit.newText.includes("https://fhir.nhs.uk/Id/nhs-number"));
  assert.ok(system !== undefined, JSON.stringify(actions));

  const end = { line: place("woman").line, character: place("woman").character + "woman".length };
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: place("woman"), end }, text: "female" }],
  });
  assert.ok(!(await session.diagnostics(2)).diagnostics.some((one) => one.code === "HM0115"));

  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  assert.equal(await ended, 0);
});
