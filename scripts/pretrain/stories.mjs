/**
 * Texts of our own: stories for children, conversations, simple facts, and questions with answers.
 *
 * Small models learn English best from short declarative sentences about familiar things. Everything is put together by
 * the grammar in stories/ from a seed, so that the texts are the same everywhere, and may be used by anyone (CC0-1.0).
 */
import { randomFrom } from './random.mjs';
import { factText, inForm, questionAndAnswer } from './stories/facts.mjs';
import { fill, pick } from './stories/grammar.mjs';
import { ANIMAL_OPENINGS, ANIMAL_PLOTS, CHILD_PLOTS, ENDINGS, OPENINGS } from './stories/plots.mjs';
import { conversation } from './stories/talk.mjs';
import { animalWorld, childWorld } from './stories/words.mjs';

/** Texts made of each kind, before near duplicates are taken out. */
const KINDS = [
  { name: 'stories', count: 9000, seed: 1, make: random => story(random).text },
  { name: 'story-questions', count: 2500, seed: 2, make: storyWithQuestions },
  { name: 'conversations', count: 2500, seed: 3, make: conversation },
  { name: 'facts', count: 1500, seed: 4, make: factText },
  { name: 'questions', count: 4000, seed: 5, make: questions },
];

/** @returns the kinds, each with its name and its texts, made as they are asked for */
export function madeUpTexts() {
  return KINDS.map(({ name, count, seed, make }) => ({ name, texts: texts(count, seed, make) }));
}

function* texts(count, seed, make) {
  const random = randomFrom(seed);
  for (let number = 0; number < count; number++) yield make(random);
}

/** A story and the questions that it answers. */
export function story(random) {
  const isAnimal = random() < 0.3;
  const plot = pick(isAnimal ? ANIMAL_PLOTS : CHILD_PLOTS, random);
  const world = isAnimal
    ? animalWorld(random, plot.heroes, plot.friends, plot.seasons)
    : childWorld(random, plot.seasons);
  const opening = plot.opening === false ? '' : pick(isAnimal ? ANIMAL_OPENINGS : OPENINGS, random);
  const steps = [opening, ...plot.steps.map(ways => pick(ways, random)), pick(ENDINGS, random)].filter(
    Boolean,
  );
  // Now and then a step begins a new paragraph.
  const told = steps.reduce((text, step) => `${text}${random() < 0.25 ? '\n\n' : ' '}${step}`);
  const asked = plot.asks.map(pair => pair.map(text => fill(text, world, random)));
  return { text: fill(told, world, random), asked };
}

function storyWithQuestions(random) {
  const { text, asked } = story(random);
  return [text, ...asked.map(inForm)].join('\n\n');
}

function questions(random) {
  const count = 3 + Math.floor(random() * 5);
  return Array.from({ length: count }, () => inForm(questionAndAnswer(random))).join('\n\n');
}
