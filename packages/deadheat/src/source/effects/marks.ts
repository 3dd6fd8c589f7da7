/**
 * What is known of an object beside what is in it, and does not go with it where it is copied. Of an object that is kept
 * for the next run, it is kept as well (`recall/marked.ts`).
 */
export class Marks<K extends object, V> {
  readonly #of = new WeakMap<K, V>();

  get(one: K): V | undefined {
    return this.#of.get(one);
  }

  has(one: K): boolean {
    return this.#of.has(one);
  }

  set(one: K, mark: V): void {
    this.#of.set(one, mark);
  }
}
