/** Each page's main task, end to end in a real browser on the real server. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { atlas, PAGES, settled, skip, type Atlas } from './harness.ts';

let it: Atlas;
before(async () => {
  if (!skip) it = await atlas();
});
after(async () => {
  if (!skip) await it.stop();
});
const check = (name: string, work: () => Promise<void>) => test(name, { skip, timeout: 90_000 }, work);

check('every page opens at its own address without an error', async () => {
  for (const [name, path] of PAGES) {
    const page = await it.open(path);
    await settled(page);
    assert.equal(
      await page.getByRole('navigation', { name: 'Pages' }).count(),
      1,
      `${name} is not the atlas`,
    );
    assert.equal(await page.locator('[role="alert"]').count(), 0, `${name} shows an error`);
    assert.match(await page.title(), /Monazite/);
    await page.close();
  }
});

check('today: a share leads to its source, confidence and vintage, and focus comes back', async () => {
  const page = await it.open('/');
  await settled(page);
  const share = page.locator('td.known .num').first();
  await share.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary');
  await panel.getByText('Confidence').waitFor();
  await panel.getByText('Sources').waitFor();
  assert.match(await panel.innerText(), /%/);
  await page.keyboard.press('Escape');
  assert.equal(await panel.count(), 0);
  assert.equal(await share.evaluate((one) => one === document.activeElement), true);
  await page.keyboard.press('ArrowDown');
  assert.equal(
    await share.evaluate((one) => one === document.activeElement),
    false,
    'arrow keys move between numbers',
  );
  await page.close();
});

check('map: a country opens its panel, and the address reopens the same view', async () => {
  const page = await it.open('/map?product=magnet:h');
  await settled(page);
  await page.locator('path.flow').first().waitFor();
  await page.getByLabel('Country', { exact: true }).selectOption('MYS');
  await page.getByRole('link', { name: 'All about Malaysia' }).waitFor();
  assert.match(page.url(), /place=MYS/);
  const again = await it.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await again.getByRole('link', { name: 'All about Malaysia' }).waitFor();
  await again.close();
  await page.close();
});

check('map: sites without coordinates are listed, and a plant known by its town says so', async () => {
  const page = await it.open('/map');
  await settled(page);
  const hidden = page.getByText(/sites? without known coordinates/).first();
  await hidden.click();
  assert.ok(
    (await page.getByRole('table', { name: 'Sites without known coordinates' }).locator('tbody tr').count()) >
      0,
  );
  await page.goto(`${it.url}/map?place=EST&site=plant:neo_narva`);
  await page.locator('dd', { hasText: 'its town' }).waitFor();
  await page.locator('dl .num').first().click();
  await page.getByRole('complementary').getByText('GeoNames').waitFor();
  await page.close();
});

check('map: years of a customs heading play', async () => {
  const page = await it.open('/map?product=hs:850511');
  await settled(page);
  const slider = page.getByLabel(/^Year/).last();
  await slider.focus();
  const before = page.url();
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction((url) => location.href !== url, before);
  await settled(page);
  await page.locator('path.flow').first().waitFor();
  await page.close();
});

check('chain: another element draws another Sankey, and a table stands beside it', async () => {
  const page = await it.open('/chain?element=Nd');
  await settled(page);
  assert.ok((await page.locator('path.ribbon').count()) > 10);
  await page.getByLabel('Element').selectOption('Tb');
  await page.waitForURL(/element=Tb/);
  await settled(page);
  await page.getByRole('button', { name: 'Table', exact: true }).first().click();
  assert.ok((await page.getByRole('table').count()) > 0);
  await page.close();
});

test(
  'every drawing can be saved, and every number of a table can be asked',
  { skip, timeout: 300_000 },
  async () => {
    const more: [string, string][] = [
      ['own project', '/project?project=own'],
      ['exposure of a country', '/exposure?country=USA&scenario=china-2025-04'],
      ['country with much', '/country/USA'],
      ['light element', '/element/Nd'],
    ];
    const wanting: Record<string, unknown> = {};
    for (const [name, path] of [...PAGES, ...more]) {
      const page = await it.open(path);
      await settled(page);
      const found = await page.evaluate(() => {
        const tools = ['Table', 'PNG', 'SVG', 'CSV'];
        const bare = [...document.querySelectorAll('main svg[role="img"]')].filter((svg) => {
          const buttons = [...(svg.closest('figure')?.querySelectorAll('button') ?? [])];
          return !tools.every((tool) => buttons.some((button) => button.textContent?.trim() === tool));
        });
        const plain = /^(Year|Edition|When|Decided|First output|Measures|Rows|Line|Release)\b/;
        const mute = [...document.querySelectorAll('main table')].flatMap((table) => {
          const heads = [...table.querySelectorAll('thead th')].map((head) => head.textContent?.trim() ?? '');
          return [...table.querySelectorAll('tbody td.number')]
            .filter((cell) => /\d/.test(cell.textContent ?? '') && !cell.querySelector('button'))
            .map((cell) => heads[(cell as HTMLTableCellElement).cellIndex] ?? '')
            .filter((head) => !plain.test(head));
        });
        return { bare: bare.map((svg) => svg.getAttribute('aria-label')), mute: [...new Set(mute)] };
      });
      if (found.bare.length + found.mute.length) wanting[name] = found;
      await page.close();
    }
    assert.deepEqual(wanting, {});
  },
);

check('charts download as PNG, SVG and CSV', async () => {
  const page = await it.open('/chain?element=Dy');
  await settled(page);
  for (const kind of ['PNG', 'SVG', 'CSV']) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: kind, exact: true }).first().click(),
    ]);
    assert.match(download.suggestedFilename(), new RegExp(`\\.${kind.toLowerCase()}$`));
    const bytes = readFileSync(await download.path());
    assert.ok(bytes.length > 1000, `${kind} is empty`);
    if (kind === 'PNG') assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    if (kind === 'SVG') {
      const text = bytes.toString();
      assert.match(text, /<svg[^>]*xmlns/);
      // Whoever gets the file sees no page: title, legend and origin are inside.
      for (const words of ['Dysprosium', 'all others', 'evidence']) assert.ok(text.includes(words), words);
    }
    if (kind === 'CSV') assert.match(bytes.toString().split('\r\n')[0] ?? '', /tonnes/);
  }
  await page.close();
});

check('element and country: figures, prices apart by zone, conflicts kept', async () => {
  const element = await it.open('/element/Dy');
  await settled(element);
  await element.getByText('inside China').first().waitFor();
  await element.getByText('outside China').first().waitFor();
  await element.close();
  const country = await it.open('/country/MMR');
  await settled(country);
  await country.getByRole('heading', { name: 'Mine production' }).waitFor();
  await country.close();
});

check('scenario: pick, run, explain, compare and save', async () => {
  const page = await it.open('/scenario?scenario=china-2025-04');
  await settled(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Users lose in all').waitFor({ timeout: 60_000 });
  await settled(page);
  const first = new URL(page.url()).searchParams.get('job');
  assert.ok(first);
  await page.getByText(/money of 2024, spot/).waitFor();
  await page.getByRole('heading', { name: 'Why?' }).waitFor();
  await page.goto(`${it.url}/scenario?scenario=myanmar-closure`);
  await settled(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Users lose in all').waitFor({ timeout: 60_000 });
  await page.getByLabel('Beside it').selectOption(first);
  await page.getByText('against this run').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Scenario (TOML)' }).click(),
  ]);
  assert.match(readFileSync(await download.path(), 'utf8'), /\[\[event\]\]/);
  await page.close();
});

check('scenario: build one with sliders, faults are told, and it runs', async () => {
  const page = await it.open('/scenario?mode=build&kind=licence&strength=20&elements=Dy,Tb&view=bloc14');
  await page.getByText('✓ Sound').waitFor();
  await page.getByRole('button', { name: 'Edit as text' }).click();
  const text = page.getByLabel('Scenario file (TOML)');
  await text.fill((await text.inputValue()).replace('"Dy"', '"Dx"'));
  await page.getByText(/Dx/).last().waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await text.fill((await text.inputValue()).replace('"Dx"', '"Dy"'));
  await page.getByText('✓ Sound').waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Users lose in all').waitFor({ timeout: 60_000 });
  await page.close();
});

check('project: sliders move the value', async () => {
  const page = await it.open('/project?project=own');
  const value = page.locator('.verdict b').first();
  await value.waitFor();
  await settled(page);
  const before = await value.innerText();
  await page.getByLabel(/^Grade/).fill('6');
  await page.waitForFunction((old) => document.querySelector('.verdict b')?.textContent !== old, before);
  await page.getByRole('heading', { name: 'What moves the value' }).waitFor();
  // How sure it is: a histogram, and its percentiles for those who cannot see it.
  await page.getByRole('img', { name: /^Histogram of the net present value/ }).waitFor();
  const table = page.getByRole('table', { name: /percentiles of the draws/ });
  assert.equal(await table.locator('tbody tr').count(), 7);
  await page.close();
});

test('plan: a budget and partners give a plan on a time line', { skip, timeout: 420_000 }, async () => {
  const page = await it.open('/plan?for=USA&budget=5000&partners=AUS,JPN');
  await settled(page);
  // The fewest paths that are taken: the way through the page is tested, not the plan.
  await page.route('**/api/v1/jobs', async (route) => {
    const order = route.request().postDataJSON() as Record<string, unknown> | null;
    await route.continue(order ? { postData: JSON.stringify({ ...order, paths: 8 }) } : {});
  });
  await page.getByRole('button', { name: 'Find the plan' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  await page.getByRole('heading', { name: 'The plan on a time line' }).waitFor({ timeout: 400_000 });
  await page.getByRole('button', { name: /What each partner is worth/ }).waitFor();
  assert.match(page.url(), /job=\d/);
  await page.close();
});

check('exposure: a bill of materials is read, a bad one is refused in words', async () => {
  const page = await it.open('/exposure');
  await page.getByRole('button', { name: 'Try the example' }).click();
  await page.getByText('What is in it').first().waitFor({ timeout: 60_000 });
  await page.setInputFiles('input[type=file]', {
    name: 'bad.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('part,quantity,technology\nx,1,warp_drive\n'),
  });
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /warp_drive/);
  await page.close();
});

check('exposure: a country’s industries', async () => {
  const page = await it.open('/exposure?country=USA&scenario=china-2025-04');
  await page.getByRole('heading', { name: /Losses by industry/ }).waitFor({ timeout: 60_000 });
  await page.close();
});

check('brief: an article comes back with its words marked', async () => {
  const page = await it.open('/brief');
  await page.getByRole('button', { name: 'Try an example' }).click();
  await page.getByRole('button', { name: 'Brief it' }).click();
  await page.locator('mark').first().waitFor({ timeout: 60_000 });
  await page.getByRole('heading', { name: 'Claims' }).waitFor();
  await page.getByRole('heading', { name: 'What it would mean' }).waitFor();
  await page.close();
});

check('truth: scores, bands and calibration', async () => {
  const page = await it.open('/truth');
  await settled(page);
  await page.getByText('Scores of the hindcasts').first().waitFor();
  await page.locator('path.band').first().waitFor();
  await page.close();
});

check('data: browse, filter, conflicts, licences', async () => {
  const page = await it.open('/data?table=facilities');
  await settled(page);
  await page.getByLabel('Only rows where').selectOption('place');
  await page.getByLabel('is', { exact: true }).fill('MYS');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.waitForURL(/filter=place%3DMYS|filter=place=MYS/);
  await settled(page);
  assert.match(await page.locator('main').innerText(), /rows match/);
  await page.getByRole('button', { name: 'Conflicts' }).click();
  await settled(page);
  await page.getByRole('button', { name: 'Licences' }).click();
  await settled(page);
  assert.equal(await page.locator('[role="alert"]').count(), 0);
  await page.close();
});

check('an unknown address says so', async () => {
  const page = await it.open('/nowhere');
  await page.getByRole('heading', { name: 'No such page' }).waitFor();
  await page.close();
});
