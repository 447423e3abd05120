/** Single points of failure, one for each holder and stage, with the elements it holds. */
import type { Behind } from './answers';

export interface Weak extends Behind {
  material: string;
  stage: string | null;
  holder: string;
  name: string;
  kind: string;
  share: number;
  remains: number | null;
}

export interface Point extends Behind {
  holder: string;
  name: string;
  stage: string | null;
  kind: string;
  /** Elements held, the largest share first. */
  materials: string[];
  lowest: number;
  highest: number;
}

/** Countries, companies and plants apart; within each the largest share first. */
export function points(weakest: Weak[]): Point[] {
  const found = new Map<string, Point>();
  for (const one of weakest.toSorted((a, b) => b.share - a.share)) {
    const key = [one.kind, one.stage, one.holder].join('|');
    const there = found.get(key);
    if (!there) {
      found.set(key, {
        holder: one.holder,
        name: one.name,
        stage: one.stage,
        kind: one.kind,
        materials: [one.material],
        lowest: one.share,
        highest: one.share,
        confidence: one.confidence,
        sources: [...one.sources],
      });
      continue;
    }
    there.materials.push(one.material);
    there.lowest = Math.min(there.lowest, one.share);
    if (one.confidence === 'C') there.confidence = 'C';
    there.sources = [...new Set([...there.sources, ...one.sources])];
  }
  const country = (one: Point) => (one.kind === 'country' ? 0 : 1);
  return [...found.values()].sort(
    (a, b) => country(a) - country(b) || b.highest - a.highest || b.materials.length - a.materials.length,
  );
}
