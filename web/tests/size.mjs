// Checks the budgets: script at most 150 kB and world geometry at most 250 kB, both gzip-compressed; and that
// nothing in the build points outside (no address of another host is fetched).
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('../dist/', import.meta.url);
const size = (name) => gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000;
const files = readdirSync(folder, { recursive: true }).map(String);
const sum = (ending) =>
  files.filter((name) => name.endsWith(ending)).reduce((all, name) => all + size(name), 0);
const script = sum('.js');
const world = sum('.json');
const style = sum('.css');
console.log(
  `script ${script.toFixed(1)} kB, geometry ${world.toFixed(1)} kB, style ${style.toFixed(1)} kB (gzip)`,
);
let failed = false;
if (script > 150) failed = !!console.error('the script is larger than 150 kB');
if (world > 250) failed = !!console.error('the geometry is larger than 250 kB');
if (script > 150 || world > 250) failed = true;
const html = readFileSync(new URL('index.html', folder), 'utf8');
if (/<script(?![^>]*src=)/.test(html) || / style=/.test(html) || /https?:\/\//.test(html)) {
  console.error('index.html holds an inline script, an inline style or an outside address');
  failed = true;
}
process.exit(failed ? 1 : 0);
