// Writes src/generated/world.topo.json: the countries of world-atlas (Natural Earth, 1:50 m, public domain)
// without the land outline, with coordinates on a coarser grid and ISO numeric ids. Deterministic.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { feature, quantize } from 'topojson-client';

const require = createRequire(import.meta.url);
const source = JSON.parse(readFileSync(require.resolve('world-atlas/countries-50m.json'), 'utf8'));
const objects = { countries: source.objects.countries };
const world = quantize({ type: 'Topology', bbox: source.bbox, objects, arcs: untransform(source) }, 6000);

// `quantize` takes plain coordinates, the package ships delta-coded ones.
function untransform(topology) {
  const { scale, translate } = topology.transform;
  return topology.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
}

for (const country of world.objects.countries.geometries) {
  country.properties = {};
}
feature(world, world.objects.countries); // throws when the topology is broken
const folder = new URL('../src/generated/', import.meta.url);
mkdirSync(folder, { recursive: true });
const text = JSON.stringify(world);
writeFileSync(new URL('world.topo.json', folder), text);
console.log(`world geometry: ${(gzipSync(text, { level: 9 }).length / 1000).toFixed(0)} kB compressed`);
