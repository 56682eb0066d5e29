// A relay before Gemini models that fail as Google does, and the clients as a user imports them.

import { registerHooks } from "node:module";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startRelay } from "../node/support.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const packages = process.env.E2E_CLIENTS ?? path.join(root, "build/e2e/clients");
const installed = pathToFileURL(path.join(packages, "package.json")).href;
registerHooks({
    resolve: (name, context, next) =>
        next(name, context.parentURL === import.meta.url ? { parentURL: installed } : context),
});

/** A package of the clients' own lock file. */
export const load = (name) => import(name);

/** A Gemini 3 that has one of the simulator's faults; Gemini's, so that its repairs are made. */
export const failing = (fault) => `google/gemini-3-${fault}`;
const faults = ["429", "400-context", "403-iam", "403-api-disabled", "503", "stall-3"];
faults.push("midstream-error-3", "streamed-args", "thoughts");

/** The relay of one client's file. It does not try again itself, so that clients are seen to. */
export async function startFailingRelay() {
    const folder = mkdtempSync(path.join(os.tmpdir(), "relay-clients-"));
    after(() => rmSync(folder, { recursive: true }));
    const script = path.join(folder, "faults");
    const lines = faults.map((fault) => JSON.stringify({ model: failing(fault), fault }));
    writeFileSync(script, lines.join("\n"));
    return startRelay({ flags: ["--retry-max=0"], simulate: [`--script=${script}`] });
}

export const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk" +
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const pdf = Buffer.from("%PDF-1.4\n%%EOF\n").toString("base64");
