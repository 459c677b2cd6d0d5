/** A mapping of a YAML file, read field by field, so that a slip is an error that names its place. */
export class Fields {
  private constructor(
    readonly place: string,
    readonly entries: ReadonlyMap<string, unknown>,
  ) {}

  /** @throws when the value is no mapping. */
  static of(value: unknown, place: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${place} must be a mapping`)
    }
    return new Fields(place, new Map(Object.entries(value)))
  }

  /** @throws when there is a field of another name. */
  allow(...names: readonly string[]): void {
    const odd = this.keys().find((key) => !names.includes(key))
    if (odd !== undefined) throw new Error(`${this.place} has no \`${odd}\`; it may have ${names.join(', ')}`)
  }

  keys(): readonly string[] {
    return [...this.entries.keys()]
  }

  has(name: string): boolean {
    return this.entries.has(name)
  }

  isMap(name: string): boolean {
    const value = this.entries.get(name)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  }

  /** Anything, `{}` where there is nothing: for the parts that the model itself will judge. */
  value(name: string): unknown {
    return this.entries.get(name) ?? {}
  }

  /** A mapping, empty where there is nothing. */
  map(name: string): Fields {
    return Fields.of(this.value(name), `\`${name}\` of ${this.place}`)
  }

  maps(name: string): readonly Fields[] {
    return this.items(name).map((item, index) =>
      Fields.of(item, `item ${index + 1} of \`${name}\` of ${this.place}`),
    )
  }

  items(name: string): readonly unknown[] {
    const value = this.entries.get(name) ?? []
    if (!Array.isArray(value)) throw new Error(`\`${name}\` of ${this.place} must be a list`)
    return value
  }

  /** One text, a list of texts, or nothing: a list of texts. */
  texts(name: string): readonly string[] {
    const value = this.entries.get(name) ?? []
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.map((item) => {
      if (typeof item !== 'string') {
        throw new Error(`\`${name}\` of ${this.place} must be text, not ${JSON.stringify(item)}`)
      }
      return item
    })
  }

  text(name: string): string {
    const value = this.optionalText(name)
    if (value === undefined) throw new Error(`${this.place} lacks \`${name}\``)
    return value
  }

  optionalText(name: string): string | undefined {
    const [text, second] = this.texts(name)
    if (second !== undefined) throw new Error(`\`${name}\` of ${this.place} must be one text`)
    return text
  }
}
