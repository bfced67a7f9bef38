// SPDX-License-Identifier: Apache-2.0
// Opens a series in Orthanc's own web viewer and tells where on the page it shows the image.
// Job: address, series (Orthanc's identifier), name (of the screenshot), out, chromium, modules.
import path from "node:path";
import { run } from "./browser.mjs";

// The enabled element once the image is painted: its canvas is no longer one colour in its middle row.
const painted = () => {
  const element = document.querySelector("#dicomImage");
  if (!element?.querySelector("canvas") || !cornerstone.getEnabledElement(element).image) return false;
  const { canvas } = cornerstone.getEnabledElement(element);
  const row = canvas.getContext("2d").getImageData(0, canvas.height >> 1, canvas.width, 1).data;
  return row.some((value, i) => value !== row[i % 4]);
};

// Page coordinates of the image's corners (0, 0), (columns, 0), (0, rows).
const placement = () => {
  const element = document.querySelector("#dicomImage");
  const { image, canvas } = cornerstone.getEnabledElement(element);
  const { scale, translation } = cornerstone.getViewport(element);
  const box = canvas.getBoundingClientRect();
  const { rows, columns } = image;
  const corners = [[0, 0], [columns, 0], [0, rows]].map(([x, y]) => [
    box.left + box.width / 2 + (x - columns / 2 + translation.x) * scale,
    box.top + box.height / 2 + (y - rows / 2 + translation.y) * scale,
  ]);
  return { rows, columns, corners };
};

await run(async (page, job) => {
  await page.goto(`${job.address}/web-viewer/app/viewer.html?series=${job.series}`);
  await page.waitForFunction(painted);
  const file = path.join(job.out, `${job.name}.png`);
  await page.screenshot({ path: file });
  return { capture: { file, ...(await page.evaluate(placement)) } };
});
