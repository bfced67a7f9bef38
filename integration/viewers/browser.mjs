// SPDX-License-Identifier: Apache-2.0
// Headless Chromium for the viewer scripts. Usage of each: node SCRIPT.mjs JSON; the answer is JSON on standard output.
import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export const DEADLINE_MS = 300_000;

const FLAGS = [
  "--headless=new",
  "--no-sandbox", // tests run as root in containers; only our own pages are opened
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu-rasterization", // the GPU is emulated
];

// Opens a page, hands it to show(page, job), and prints what that returns with every error the page had.
export async function run(show) {
  const job = JSON.parse(process.argv[2]);
  const { chromium } = createRequire(path.join(job.modules, "/"))("playwright-core");
  const profile = await mkdtemp(path.join(tmpdir(), "cxr-viewer."));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: job.chromium,
    args: FLAGS,
    viewport: { width: 1400, height: 900 },
  });
  const pageErrors = [];
  const failedRequests = [];
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(DEADLINE_MS);
    page.on("pageerror", (error) => pageErrors.push(String(error.stack ?? error)));
    page.on("console", (message) => message.type() === "error" && pageErrors.push(message.text()));
    page.on("response", (response) => {
      if (response.status() >= 400) failedRequests.push(`${response.status()} ${response.url()}`);
    });
    try {
      const answer = await show(page, job);
      console.log(JSON.stringify({ ...answer, pageErrors, failedRequests }));
    } catch (error) {
      await page.screenshot({ path: path.join(job.out, "failure.png") });
      console.error([...pageErrors, ...failedRequests].join("\n"));
      throw error;
    }
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}
