/** Makes a chain drawable: small places of a step become one node, ribbons between them are summed. */
import type { ChainLink, ChainNode } from '../charts/Sankey.svelte';
import type { Adjustment, Behind, Conflict } from './answers';
import type { Confidence } from './api';
import { stageName } from './colour';

/** The chain of one element as the server tells it; content in t of its oxide at every step. */
export interface ChainAnswer {
  element: string;
  year: number;
  unit: string;
  nodes: ({
    id: string;
    step: string;
    place: string;
    name: string;
    tonnes: number;
    lost_tonnes: number;
  } & Behind)[];
  links: { source: string; target: string; tonnes: number }[];
  adjustments: Adjustment[];
  conflicts: Conflict[];
  /** Largest imbalance left, as a share. */
  imbalance: number;
  warnings: string[];
}

/** Steps by column, from ore to use. Recycling stands at the left: it is a source beside the mines. */
const COLUMNS: string[][] = [
  ['mine', 'recycling'],
  ['cracking'],
  ['separation_light'],
  ['separation_heavy'],
  ['oxide'],
  ['metal'],
  ['magnet'],
  ['use', 'unsold'],
];
const column = (step: string) => COLUMNS.findIndex((steps) => steps.includes(step));
/** Names of the columns, by their main step. */
export const CHAIN_STAGES = COLUMNS.map((steps) => steps[0] ?? '');

/** Nodes by column. A step that shares its column with another carries its name. */
export function nodesOf(chain: ChainAnswer): ChainNode[] {
  return chain.nodes.map((node) => {
    const stage = CHAIN_STAGES[column(node.step)] ?? node.step;
    return {
      id: node.id,
      stage,
      place: node.place,
      name: stage === node.step ? node.name : `${node.name}, ${stageName(node.step).toLowerCase()}`,
    };
  });
}

/** Ribbons, each as trustworthy as the node it leaves. */
export function linksOf(chain: ChainAnswer): ChainLink[] {
  const from = new Map(chain.nodes.map((node) => [node.id, node]));
  return chain.links.map((link) => {
    const node = from.get(link.source);
    return {
      ...link,
      what: stageName(node?.step ?? ''),
      confidence: (node?.confidence ?? null) as Confidence | null,
    };
  });
}

/** What goes back against the direction of the drawing, such as swarf into recycling: tonnes that are not drawn. */
export function returned(nodes: ChainNode[], links: ChainLink[]): number {
  const at = new Map(nodes.map((node) => [node.id, CHAIN_STAGES.indexOf(node.stage)]));
  return links
    .filter((link) => (at.get(link.target) ?? 0) <= (at.get(link.source) ?? 0))
    .reduce((sum, link) => sum + link.tonnes, 0);
}

/** Keeps the `most` largest places of each column; the rest joins in one node. */
export function tidy(
  nodes: ChainNode[],
  links: ChainLink[],
  most: number,
): { nodes: ChainNode[]; links: ChainLink[] } {
  const size = new Map<string, number>();
  for (const [end, other] of [
    ['source', 'target'],
    ['target', 'source'],
  ] as const) {
    const sums = new Map<string, number>();
    for (const link of links) {
      if (link[end] !== link[other]) sums.set(link[end], (sums.get(link[end]) ?? 0) + link.tonnes);
    }
    for (const [id, sum] of sums) size.set(id, Math.max(size.get(id) ?? 0, sum));
  }
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
    const key = `${source} ${target}`;
    const there = merged.get(key);
    if (there) {
      there.tonnes += link.tonnes;
      if (link.confidence === 'C') there.confidence = 'C';
    } else merged.set(key, { ...link, source, target });
  }
  return { nodes: shown, links: [...merged.values()] };
}
