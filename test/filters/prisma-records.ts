/** True, false, or neither: what a comparison with null yields. */
type Truth = boolean | undefined

/**
 * The records that fit a `where` of Prisma, as far as filters use it: Prisma's rules, which are those of SQL. (The
 * real one downloads its engines when it is installed.)
 *
 * @see https://www.prisma.io/docs/orm/prisma-client/special-fields-and-types/null-and-undefined
 */
export function selectRecords<Row extends object>(records: readonly Row[], where: object): readonly Row[] {
  return records.filter((record) => fits(record, where) === true)
}

function fits(record: object, where: object): Truth {
  return all(
    Object.entries(where).map(([name, condition]) => {
      if (name === 'AND') return all((condition as readonly object[]).map((each) => fits(record, each)))
      if (name === 'OR')
        return any(alternatives(condition as readonly object[]).map((each) => fits(record, each)))
      if (!Object.hasOwn(record, name)) throw new Error(`there is no field ${name}`)
      return compare(record[name as keyof typeof record], condition)
    }),
  )
}

/** An empty OR holds for nothing by itself, and is left out within an AND: nobody should write one. */
function alternatives(conditions: readonly object[]): readonly object[] {
  if (conditions.length === 0) throw new Error('an empty OR means one thing here and another there')
  return conditions
}

function compare(value: unknown, condition: unknown): Truth {
  if (condition === null) return value === null
  if (typeof condition !== 'object') return value === null ? undefined : value === condition
  const [[operator, values] = [], ...others] = Object.entries(condition as object)
  if (others.length > 0 || !Array.isArray(values))
    throw new Error(`${JSON.stringify(condition)} is not understood`)
  if (operator !== 'in' && operator !== 'notIn') throw new Error(`${operator} is not understood`)
  if (value === null) return undefined
  return values.includes(value) === (operator === 'in')
}

function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(undefined) ? undefined : true
}

function any(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true
  return truths.includes(undefined) ? undefined : false
}
