/**
 * Screenshots compared with the kept ones, with a tolerance for fonts and rounding: the share of pixels that differ
 * clearly must stay small. `UPDATE=1` writes them anew; missing ones are written and reported.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { atlas, BASELINE, OUT, PAGES, settled, skip, type Atlas } from './harness.ts';

/** The largest share of pixels that may differ. */
const TOLERANCE = 0.01;
let it: Atlas;
before(async () => {
  if (!skip) it = await atlas();
});
after(async () => {
  if (!skip) await it.stop();
});

/** Compares two pictures in the browser, which can read PNG: the share of pixels that differ clearly. */
async function difference(one: Buffer, other: Buffer): Promise<number> {
  const page = await it.browser.newPage();
  const share = await page.evaluate(
    async (pictures) => {
      // No named function within: the loader of TypeScript would call a helper that the page lacks.
      const [left, right] = (await Promise.all(
        pictures.map(async (data) => {
          const image = new Image();
          image.src = `data:image/png;base64,${data}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          canvas.width = image.width;
          canvas.height = image.height;
          const context = canvas.getContext('2d')!;
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height);
        }),
      )) as [ImageData, ImageData];
      if (left.width !== right.width || left.height !== right.height) return 1;
      let off = 0;
      for (let at = 0; at < left.data.length; at += 4) {
        const apart = Math.max(
          ...[0, 1, 2].map((channel) => Math.abs(left.data[at + channel]! - right.data[at + channel]!)),
        );
        if (apart > 48) off++;
      }
      return off / (left.data.length / 4);
    },
    [one.toString('base64'), other.toString('base64')],
  );
  await page.close();
  return share;
}

const SIZES: [number, number, 'light' | 'dark'][] = [
  [1280, 900, 'light'],
  [360, 740, 'dark'],
];

for (const [width, height, colorScheme] of SIZES) {
  test(`pages look as they did, ${width} px, ${colorScheme}`, { skip, timeout: 180_000 }, async () => {
    mkdirSync(BASELINE, { recursive: true });
    const changed: string[] = [];
    for (const [name, path] of PAGES) {
      const page = await it.open(path, { viewport: { width, height }, deviceScaleFactor: 0.5, colorScheme });
      await settled(page);
      await page.waitForTimeout(200);
      // What differs from run to run does not count.
      await page.addStyleTag({ content: 'footer { visibility: hidden }' }).catch(() => undefined);
      const shot = await page.screenshot();
      await page.close();
      const file = join(BASELINE, `${name}-${width}.png`);
      if (process.env.UPDATE || !existsSync(file)) {
        writeFileSync(file, shot);
        console.log(`written: ${name}-${width}.png`);
        continue;
      }
      const share = await difference(readFileSync(file), shot);
      if (share > TOLERANCE) {
        writeFileSync(join(OUT, `${name}-${width}.png`), shot);
        changed.push(`${name}-${width}: ${(share * 100).toFixed(1)} % of pixels (see tests/out)`);
      }
    }
    assert.deepEqual(changed, []);
  });
}
