// Measures how long the first page takes until its numbers stand, in a fresh browser, five times.
// A measurement, not a test: `node --import tsx tests/speed.mjs`.
import { atlas, settled, skip } from './harness.ts';

if (!skip) {
  const it = await atlas();
  const times = [];
  for (let run = 0; run < 5; run++) {
    const begin = performance.now();
    const page = await it.open('/');
    await settled(page);
    times.push(performance.now() - begin);
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    );
    console.log(`numbers stand after ${times.at(-1).toFixed(0)} ms, first paint ${paint.toFixed(0)} ms`);
    await page.close();
  }
  console.log(`median ${times.sort((a, b) => a - b)[2].toFixed(0)} ms`);
  await it.stop();
}
