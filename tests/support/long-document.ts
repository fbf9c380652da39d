// A document made up to be worked on for a while.

/** A document long enough for each phase to take its time: 30 facts, each asked about three times. */
export function longDocument(name: string) {
  const kinds = ['bridge', 'tower', 'mill', 'well', 'gate', 'barn']
  const makers = ['Orla', 'Jon', 'Ilse', 'Petra', 'Colm']
  const facts = Array.from({ length: 30 }, (_, index) => ({
    thing: `${kinds[index % 6]} ${index + 1} of ${name}`,
    maker: `${makers[index % 5]} Venn`,
    year: String(1800 + 7 * index),
    doors: String(2 + index),
  }))
  return {
    title: name,
    text: facts
      .map((fact) => `The ${fact.thing} has ${fact.doors} doors. ${fact.maker} built it in ${fact.year}.`)
      .join(' '),
    questions: facts.flatMap((fact) => [
      { question: `Who built the ${fact.thing}?`, answer: fact.maker },
      { question: `When was the ${fact.thing} built?`, answer: fact.year },
      { question: `How many doors has the ${fact.thing}?`, answer: fact.doors },
    ]),
  }
}
