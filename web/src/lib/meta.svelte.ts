/** Names of places, elements and products, fetched once. */
import { request, type Meta } from './api';

class Names {
  meta = $state.raw<Meta | null>(null);
  private places = new Map<string, string>();
  private elements = new Map<string, string>();
  private products = new Map<string, string>();
  private uses = new Map<string, string>();
  /** ISO 3166 numeric code, as the world geometry has it, to the alpha-3 code. */
  readonly numeric = new Map<number, string>();

  async load() {
    const meta = await request<Meta>('/meta');
    // The evidence's own rows name the symbol `element`.
    for (const row of meta.elements as (Meta['elements'][number] & { element?: string })[])
      row.symbol ??= row.element ?? '';
    meta.elements.sort((a, b) => a.atomic_number - b.atomic_number);
    for (const view of Object.values(meta.views))
      for (const place of view) this.places.set(place.id, place.name);
    for (const place of meta.places) {
      this.places.set(place.id, place.name);
      if (place.m49) this.numeric.set(place.m49, place.id);
    }
    for (const group of meta.groups) this.places.set(group.id, group.name);
    for (const element of meta.elements) this.elements.set(element.symbol, element.name);
    for (const product of meta.products) this.products.set(product.id, product.name);
    for (const use of meta.end_uses) this.uses.set(use.id, use.name);
    this.meta = meta;
  }

  place = (id: string | null | undefined): string =>
    !id ? 'not known' : id === 'all' ? 'World' : (this.places.get(id) ?? id);
  element = (symbol: string): string =>
    symbol === 'TREO' ? 'all rare earths' : (this.elements.get(symbol) ?? symbol);
  product = (id: string): string => this.products.get(id) ?? productWords(id);
  use = (id: string): string => this.uses.get(id) ?? id.replaceAll('_', ' ');
}

/** `magnet:uh` in words, when the server did not name it. */
function productWords(id: string): string {
  const [kind, what] = id.split(':');
  if (kind === 'magnet') return what === 'smco' ? 'SmCo magnets' : `NdFeB ${what?.toUpperCase()} magnets`;
  return what ? `${what} ${kind}` : id.replaceAll('_', ' ');
}

export const names = new Names();
