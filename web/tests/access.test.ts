/** Accessibility: no serious or critical finding of axe on any page, light and dark, wide and narrow; keyboard. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { atlas, PAGES, settled, skip, type Atlas } from './harness.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let it: Atlas;
before(async () => {
  if (!skip) it = await atlas();
});
after(async () => {
  if (!skip) await it.stop();
});

async function findings(page: Page): Promise<string[]> {
  // The evaluation is not bound by the page's content security policy, a script element would be.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Finding {
      id: string;
      impact: string;
      help: string;
      nodes: { html: string; failureSummary: string }[];
    }
    const run = (globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } }).axe;
    const { violations } = await run.run();
    return violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .map(
        (one) =>
          `${one.id} (${one.impact}): ${one.help}: ${one.nodes
            .slice(0, 3)
            .map((node) => `${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`)
            .join(' | ')}`,
      );
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test(`no serious finding, ${colorScheme}, ${width} px`, { skip, timeout: 180_000 }, async () => {
      for (const [name, path] of PAGES) {
        const page = await it.open(path, { colorScheme, viewport: { width, height: 900 } });
        await settled(page);
        assert.deepEqual(await findings(page), [], name);
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(wide <= 0, `${name} scrolls sideways by ${wide} px at ${width} px`);
        await page.close();
      }
    });
  }
}

test(
  'the panel of a number and a finished run have no serious finding',
  { skip, timeout: 90_000 },
  async () => {
    const page = await it.open('/');
    await settled(page);
    await page.locator('td.known .num').first().click();
    await page.getByRole('complementary').getByText('Sources').waitFor();
    assert.deepEqual(await findings(page), []);
    await page.goto(`${it.url}/scenario?view=bloc14`);
    await settled(page);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Users lose in all').waitFor({ timeout: 60_000 });
    await settled(page);
    assert.deepEqual(await findings(page), []);
    await page.close();
  },
);

test('the skip link and the navigation work from the keyboard', { skip, timeout: 60_000 }, async () => {
  const page = await it.open('/');
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.className.includes('skip')), true);
  await page.keyboard.press('Enter');
  assert.equal(
    await page.evaluate(() => location.hash === '#main' || document.activeElement?.id === 'main'),
    true,
  );
  await page.getByRole('link', { name: 'Chain', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/chain/);
  await page.waitForFunction(() => document.activeElement?.id === 'main');
  await page.close();
});
