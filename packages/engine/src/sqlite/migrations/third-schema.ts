/** What was written before has no hash: the chain begins with the next row. */
export const thirdSchema = 'ALTER TABLE log ADD COLUMN hash TEXT;'
