/** What a server is to the store. */
export interface Server {
  readonly name: string
  /**
   * How those who write are kept apart. `locks`: functions in the database take them, under `READ COMMITTED`, which sees
   * what others commit while it waits. `serializable`: plain statements, of which the isolation level alone promises
   * that they come to what one after the other would come to.
   */
  readonly apart: 'locks' | 'serializable'
  /** Whether columns can be told to compare by bytes; where they cannot, they do. */
  readonly hasCollations: boolean
}

/** What is taken for granted until the server has been asked. */
export const postgresql: Server = { name: 'PostgreSQL', apart: 'locks', hasCollations: true }
