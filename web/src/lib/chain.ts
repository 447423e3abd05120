/** Makes a chain drawable: small places of a stage become one node, faint ribbons are summed. */
import type { ChainLink, ChainNode } from '../charts/Sankey.svelte';

export const CHAIN_STAGES = ['mine', 'concentrate', 'oxide', 'metal', 'magnet', 'use'];

/** Keeps the `most` largest places of each stage; the rest joins in one node `Others`. */
export function tidy(
  nodes: ChainNode[],
  links: ChainLink[],
  most: number,
): { nodes: ChainNode[]; links: ChainLink[] } {
  const size = new Map<string, number>();
  const add = (id: string, inward: number, outward: number) => {
    sums.set(id, [(sums.get(id)?.[0] ?? 0) + inward, (sums.get(id)?.[1] ?? 0) + outward]);
  };
  const sums = new Map<string, [number, number]>();
  for (const link of links) {
    add(link.source, 0, link.tonnes);
    add(link.target, link.tonnes, 0);
  }
  for (const [id, [inward, outward]] of sums) size.set(id, Math.max(inward, outward));
  const kept = new Map<string, ChainNode>();
  const shown: ChainNode[] = [];
  for (const stage of new Set(nodes.map((node) => node.stage))) {
    const here = nodes
      .filter((node) => node.stage === stage && (size.get(node.id) ?? 0) > 0)
      .sort((a, b) => (size.get(b.id) ?? 0) - (size.get(a.id) ?? 0));
    const large = here.length > most + 1 ? here.slice(0, most) : here;
    const others: ChainNode = {
      id: `${stage}@others`,
      stage,
      place: 'others',
      name: `${here.length - large.length} others`,
    };
    for (const node of here) kept.set(node.id, large.includes(node) ? node : others);
    shown.push(...large);
    if (large.length < here.length) shown.push(others);
  }
  const merged = new Map<string, ChainLink>();
  for (const link of links) {
    const source = kept.get(link.source)?.id;
    const target = kept.get(link.target)?.id;
    if (!source || !target || source === target || !(link.tonnes > 0)) continue;
    const key = `${source} ${target} ${link.what}`;
    const there = merged.get(key);
    if (there) {
      there.tonnes += link.tonnes;
      if (link.confidence === 'C' || there.confidence === null) there.confidence = link.confidence;
    } else merged.set(key, { ...link, source, target });
  }
  return { nodes: shown, links: [...merged.values()] };
}
