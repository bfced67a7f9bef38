// SPDX-License-Identifier: Apache-2.0
// Opens a study in OHIF, shows capture and report, and tells where on the page they are and what is written over them.
// Job: address, study, series (how many to wait for), capture (whether there is one), title (of a report that is shown as
// text, for it has no measurements), name (of the screenshots), out, chromium, modules.
import path from "node:path";
import { run } from "./browser.mjs";

const LISTED = '[data-cy^="study-browser-thumbnail"]';
const THUMBNAIL = '[data-cy="study-browser-thumbnail"]';
const REPORT = '[data-cy="study-browser-thumbnail-no-image"]';

// True once the active viewport shows, fully rendered, an image of the display set whose modality is asked for.
const shows = (modality) => {
  const { viewportGridService, displaySetService } = window.services;
  const { activeViewportId, viewports } = viewportGridService.getState();
  const uid = viewports.get(activeViewportId)?.displaySetInstanceUIDs?.[0];
  const viewport = window.cornerstone?.getEnabledElementByViewportId(activeViewportId)?.viewport;
  return uid && displaySetService.getDisplaySetByUID(uid).Modality === modality &&
    viewport?.viewportStatus === "rendered" && Boolean(viewport.getCurrentImageId());
};

// Where the image of the active viewport lies: page coordinates of its corners (0, 0), (columns, 0), (0, rows). What is
// drawn over it: lines as page coordinates, and the words inside the viewport. Cornerstone draws the image in one frame
// and the lines in the next.
const view = async () => {
  for (let frame = 0; frame < 3; ++frame) await new Promise(requestAnimationFrame);
  const { activeViewportId } = window.services.viewportGridService.getState();
  const { viewport } = window.cornerstone.getEnabledElementByViewportId(activeViewportId);
  const imageId = viewport.getCurrentImageId();
  const { rows, columns } = window.cornerstone.metaData.get("imagePlaneModule", imageId);
  const svg = viewport.element.querySelector("svg.svg-layer");
  const box = svg.getBoundingClientRect();
  const onPage = ([x, y]) => [x + box.left, y + box.top];
  const corners = [[0, 0], [columns, 0], [0, rows]].map((corner) =>
    onPage(viewport.worldToCanvas(window.cornerstone.utilities.imageToWorldCoords(imageId, corner))));
  const lines = [...svg.querySelectorAll("polyline, polygon")].map((line) =>
    [...line.points].map((point) => onPage([point.x, point.y])));
  const legible = ({ left, right, top, bottom }) =>
    left >= box.left && right <= box.right && top >= box.top && bottom <= box.bottom;
  const labels = [...svg.querySelectorAll("text tspan")]
    .filter((words) => legible(words.getBoundingClientRect())).map((words) => words.textContent);
  const { SOPInstanceUID } = window.cornerstone.metaData.get("instance", imageId);
  return { sopInstanceUid: SOPInstanceUID, rows, columns, corners, lines, labels };
};

// A screenshot, with what was true both before and after it was taken.
async function shoot(page, job, name) {
  const file = path.join(job.out, `${name}.png`);
  for (;;) {
    const before = await page.evaluate(() => window.cxrView());
    await page.screenshot({ path: file });
    const after = await page.evaluate(() => window.cxrView());
    if (JSON.stringify(before) === JSON.stringify(after)) return { file, ...after };
  }
}

async function showCapture(page, job) {
  await page.locator(THUMBNAIL, { hasText: "OT" }).first().dblclick();
  await page.waitForFunction(shows, "OT");
  return shoot(page, job, `${job.name}-capture`);
}

async function showReport(page, job) {
  await page.locator(REPORT).first().dblclick();
  await page.waitForFunction(shows, "SR");
  // OHIF 3.12 sometimes paints the outline only after its window has changed size.
  const before = await page.evaluate(() => window.cxrView());
  const size = page.viewportSize();
  await page.setViewportSize({ width: size.width, height: size.height - 40 });
  await page.waitForFunction(async (bottom) => {
    const { corners, lines } = await window.cxrView();
    return lines.length > 0 && corners[2][1] < bottom;
  }, before.corners[2][1]);
  return shoot(page, job, `${job.name}-report`);
}

// A report without measurements is a text, which OHIF shows in the place of an image.
async function showText(page, job) {
  await page.locator(REPORT).first().dblclick();
  const pane = page.locator('[data-cy="viewport-pane"]').first();
  await pane.getByText(job.title).first().waitFor();
  const file = path.join(job.out, `${job.name}-report.png`);
  await page.screenshot({ path: file });
  return { file, text: await pane.innerText(), outlines: await pane.locator("polyline, polygon").count() };
}

await run(async (page, job) => {
  await page.addInitScript(() => localStorage.setItem("shownTours", '["basicViewerTour"]')); // it swallows every click
  await page.addInitScript(`window.cxrView = ${view}`);
  await page.goto(`${job.address}/viewer?StudyInstanceUIDs=${job.study}`);
  const listed = ([selector, count]) => document.querySelectorAll(selector).length >= count;
  await page.waitForFunction(listed, [LISTED, job.series]);
  await page.waitForFunction(shows, "DX");
  const thumbnails = await page.locator(LISTED).allInnerTexts();
  const answer = { thumbnails };
  if (job.capture) answer.capture = await showCapture(page, job);
  answer.report = job.title ? await showText(page, job) : await showReport(page, job);
  return answer;
});
