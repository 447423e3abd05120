/** Trouble: a slow network, a reload and a server restart in mid-job, cancel, a server that is gone; and speed. */
import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { after, before, test } from 'node:test';
import { atlas, settled, skip, type Atlas } from './harness.ts';

let it: Atlas;
before(async () => {
  if (!skip) it = await atlas();
});
after(async () => {
  if (!skip) await it.stop();
});

/** Starts an ensemble that takes some time, and returns once it runs. */
async function longJob() {
  const page = await it.open('/scenario?scenario=china-2025-04');
  await settled(page);
  await page.getByLabel(/^Paths for the bands/).fill('1000');
  await page.getByRole('button', { name: 'Run with bands' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  return page;
}

test(
  'a job survives a reload and a restart of the server, and can be cancelled',
  { skip, timeout: 120_000 },
  async () => {
    const page = await longJob();
    assert.match(page.url(), /job=/);
    await page.reload();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await it.restart();
    await page.reload();
    await page
      .getByText(/Cancel|Run it again/)
      .first()
      .waitFor({ timeout: 30_000 });
    const cancel = page.getByRole('button', { name: 'Cancel' });
    if (await cancel.count()) await cancel.click();
    await page.getByText('Cancelled').waitFor();
    await page.close();
  },
);

test('on a slow network the frame stands at once and nothing jumps', { skip, timeout: 60_000 }, async () => {
  const context = await it.browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 20_000,
  });
  await page.addInitScript(() => {
    const store = globalThis as unknown as { shift: number };
    store.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) store.shift += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(`${it.url}/`, { waitUntil: 'domcontentloaded' });
  await page.getByRole('navigation').waitFor({ timeout: 20_000 });
  await settled(page);
  const shift = await page.evaluate(() => (globalThis as unknown as { shift: number }).shift);
  assert.ok(shift < 0.1, `the layout shifts by ${shift}`);
  await context.close();
});

test(
  'when the server is gone the page says so and keeps what it had',
  { skip, timeout: 60_000 },
  async () => {
    const page = await it.open('/element/Dy');
    await settled(page);
    await page.route('**/api/**', (route) => route.abort());
    await page.getByLabel('Element').selectOption('Nd');
    await page.getByRole('alert').waitFor();
    assert.match(await page.getByRole('alert').innerText(), /does not answer/);
    await page.getByLabel('Element').selectOption('Dy');
    await page.getByText(/As of/).waitFor();
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/As of/).waitFor({ state: 'detached' });
    await page.close();
  },
);

test('five hundred clients at once are all answered', { skip, timeout: 120_000 }, async () => {
  const paths = [
    '/',
    '/api/v1/meta',
    '/api/v1/today',
    '/api/v1/elements/Dy',
    '/api/v1/flows?product=oxide:Dy',
  ];
  const agent = new Agent({ keepAlive: true, maxSockets: 500 });
  const ask = (path: string) =>
    new Promise<number>((answered, failed) => {
      get(it.own + path, { agent }, (answer) => {
        answer.resume();
        answer.on('end', () => answered(answer.statusCode ?? 0));
        answer.on('error', failed);
      }).on('error', failed);
    });
  const statuses = await Promise.all(
    Array.from({ length: 500 }, async (_, client) => {
      const seen = [];
      for (let round = 0; round < 4; round++) seen.push(await ask(paths[(client + round) % paths.length]!));
      return seen;
    }),
  );
  agent.destroy();
  assert.equal(statuses.flat().filter((status) => status !== 200).length, 0);
});

test(
  'nothing is fetched from another host, and no policy is violated',
  { skip, timeout: 60_000 },
  async () => {
    const context = await it.browser.newContext();
    const page = await context.newPage();
    const outside: string[] = [];
    const violations: string[] = [];
    page.on('request', (request) => {
      if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(it.url))
        outside.push(request.url());
    });
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });
    for (const path of ['/', '/map', '/chain', '/scenario', '/truth']) {
      await page.goto(it.url + path);
      await settled(page);
    }
    assert.deepEqual(outside, []);
    assert.deepEqual(violations, []);
    await context.close();
  },
);
