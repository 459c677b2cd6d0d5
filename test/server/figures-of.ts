/** What a service tells at `/metrics`, by name; `NaN` for what it does not tell. */
export async function figuresOf(url: string, apiKey: string): Promise<(name: string) => number> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${apiKey}` } })
  const lines = (await answer.text()).split('\n').map((line) => line.split(' '))
  return (name) => Number(lines.find(([each]) => each === name)?.[1])
}
