/** The words that stories are made of, and the worlds that they are put together in. */
import { pick, pickSeveral } from './grammar.mjs';

const split = text => text.trim().split(/\s*,\s*/);

const GIRLS =
  split(`Anna, Mia, Lucy, Emma, Rosa, Nora, Lily, Clara, Ella, Ruth, Maya, Ivy, Hazel, Alice, Daisy, Julia,
  Sara, Nina, Zoe, Amy, Molly, Penny, Grace, Tess, Leah, Olive, Freya, Ada, Iris, June, Poppy, Wendy, Kate, Eva, Mary, Jane,
  Bella, Cora, Dora, Edith, Fiona, Gina, Hannah, Ines, Joy, Kira, Lena, Mina, Noor, Opal, Priya, Rita, Sofia, Tara, Uma, Vera,
  Yara, Aisha, Mei, Leila`);
const BOYS =
  split(`Tom, Ben, Sam, Max, Leo, Jack, Oscar, Theo, Finn, Noah, Adam, Paul, Peter, Henry, George, Felix, Hugo,
  Luke, Mark, Owen, Eric, Tim, Will, Dan, Jacob, Simon, Ravi, Omar, Ali, Kofi, Liam, Milo, Otto, Ned, Toby, Victor, Walter, Alan,
  Billy, Carl, David, Eddie, Frank, Gus, Harry, Ivan, Joe, Kenji, Louis, Mateo, Nick, Olaf, Pablo, Ron, Sven, Ted, Uri, Vikram,
  Wes, Yusuf`);
const PET_NAMES =
  split(`Biscuit, Pepper, Button, Clover, Rusty, Snowy, Patch, Ginger, Shadow, Pebble, Muffin, Whiskers, Star,
  Bramble, Cocoa, Sunny, Maple, Tiger, Nutmeg, Pickle, Domino, Honey, Socks, Willow, Ziggy, Bean`);

const COLOURS = split(
  'red, blue, green, yellow, white, black, brown, orange, purple, pink, grey, golden, silver',
);
const TOYS =
  split(`ball, kite, doll, toy boat, drum, wooden train, teddy bear, spinning top, toy car, jump rope, puppet,
  music box, paper plane, toy rocket, wooden horse, whistle, yo-yo, rag doll, toy truck`);
const THINGS =
  split(`hat, scarf, book, key, basket, lantern, umbrella, ring, bell, coin, button, map, ribbon, mitten, shoe,
  cup, spoon, watch, necklace, notebook, pencil, paintbrush, flute, letter, box, mirror, compass, blanket, purse, bucket, bracelet,
  cap, glove, jar, comb, torch, backpack`);
const FOODS = split(
  `bread, cheese, soup, rice, porridge, honey, jam, butter, cake, salad, toast, pudding, fruit, corn`,
);
const FRUIT = split(
  'apple, pear, plum, peach, cherry, orange, fig, apricot, lemon, banana, strawberry, melon',
);
const DISHES =
  split(`an apple pie, carrot soup, a plum cake, pancakes, oat cookies, cheese bread, a lemon tart, vegetable stew,
  blueberry muffins, ginger biscuits, tomato soup, banana bread, corn bread, a cherry pie`);
const PETS = split('dog, cat, puppy, kitten, rabbit, pony, parrot, hamster, goat, lamb, duckling');
const WILD =
  split(`fox, bear, rabbit, squirrel, mouse, hedgehog, badger, otter, frog, turtle, owl, crow, deer, mole, beaver,
  raccoon, hare, sparrow, robin, goose, snail, lizard`);
/** Casts for plots with animals. */
export const ANY = WILD;
export const QUICK = split('hare, fox, deer, rabbit, squirrel, otter');
export const SLOW = split('turtle, snail, mole, hedgehog, badger, frog, goose');
export const BIG = split('bear, fox, deer, badger, beaver, raccoon, goose');
export const SMALL = split('mouse, rabbit, mole, hedgehog, squirrel, frog, hare, lizard');
export const BUSY = split('squirrel, mouse, mole, beaver, hamster');
export const LIGHT_HEARTED = split('hare, fox, deer, otter, crow, raccoon');
export const HUNGRY = split('bear, raccoon, badger, fox, otter');
const STRAYS = split('dog, cat, puppy, kitten, rabbit, goat, lamb');
const LOANS = split(
  'book, umbrella, torch, basket, saw, bucket, watch, flute, compass, backpack, hammer, lantern, tent, camera',
);
const BIRDS = split('sparrow, robin, crow, wren, thrush, blackbird, swallow, dove, magpie, finch, starling');
const FLOWERS = split(
  'roses, tulips, daisies, sunflowers, violets, lilies, poppies, bluebells, marigolds, snowdrops',
);
const VEGETABLES = split(
  'carrot, pumpkin, bean, tomato, pea, onion, cabbage, potato, radish, sunflower, lettuce, cucumber',
);
const TREES = split('oak, apple tree, pine, willow, birch, maple, chestnut tree, cherry tree, elm, beech');
const OUTSIDE =
  split(`in the park, in the garden, by the river, at the lake, in the meadow, on the hill, in the forest, on the beach,
  in the village square, in the schoolyard, by the old mill, near the bridge, in the orchard, at the edge of the wood, on the farm,
  behind the barn, at the playground, beside the pond, on the quiet street, by the sea`);
const HOMES =
  split(`a small house, a tall house with a red door, a flat above the bakery, a white house by the sea, a farmhouse, a cottage,
  a house at the end of the lane, a little house on a hill, an old house with a big garden, a house near the station, a busy town,
  a quiet village, a big city, a village between two hills, a town by a wide river`);
const DENS = split(
  'a hollow tree, a warm burrow, a hole under a root, a cave, a nest of leaves, a den by the stream, a bush of thorns',
);
const ELDERS = [
  ['mother', 'she'],
  ['father', 'he'],
  ['grandmother', 'she'],
  ['grandfather', 'he'],
  ['aunt', 'she'],
  ['uncle', 'he'],
  ['big sister', 'she'],
  ['big brother', 'he'],
];
const NEIGHBOURS = [
  ['Mrs. Green', 'she'],
  ['Mr. Brown', 'he'],
  ['Mrs. Hill', 'she'],
  ['Mr. Bell', 'he'],
  ['Mrs. Moss', 'she'],
  ['Mr. Stone', 'he'],
  ['old Mr. Reed', 'he'],
  ['Miss Lane', 'she'],
  ['Mrs. Park', 'she'],
  ['Mr. Silva', 'he'],
  ['Miss Fields', 'she'],
  ['Mr. Cook', 'he'],
  ['Mrs. Rivers', 'she'],
  ['old Mrs. Wood', 'she'],
];
const SKILLS = [
  ['ride a bicycle', 'riding'],
  ['swim', 'swimming'],
  ['skate', 'skating'],
  ['whistle', 'whistling'],
  ['play the violin', 'playing'],
  ['play the piano', 'playing'],
  ['juggle', 'juggling'],
  ['tie a strong knot', 'tying'],
  ['row a boat', 'rowing'],
  ['climb a rope', 'climbing'],
  ['draw a horse', 'drawing'],
  ['write with a pen', 'writing'],
  ['knit a scarf', 'knitting'],
  ['play chess', 'playing'],
  ['jump rope', 'jumping'],
  ['catch a ball', 'catching'],
  ['read aloud', 'reading'],
  ['fly a kite', 'running'],
];
const FEARS = [
  ['the dark', 'turn off the lamp', 'the room was only a quiet room without light'],
  ['thunder', 'listen to the storm', 'the noise was only a noise'],
  [
    'the deep end of the pool',
    'put one foot in the water',
    'the water could carry {a person|somebody} who kept calm',
  ],
  ['the big dog next door', 'hold out a hand', 'the dog was big but very gentle'],
  ['the high slide', 'climb up the ladder', 'the slide was fast but not dangerous'],
  ['speaking in front of the class', 'say the first sentence', 'the other children wanted to hear the rest'],
  ['the dentist', 'open wide', 'the visit was over in a few minutes'],
  ['spiders', 'look at one closely', 'the spider was much more afraid of people'],
  ['the dark cellar', 'go down the stairs', 'the cellar held only jars and old chairs'],
  ['the tall bridge', 'take the first step', 'the bridge was strong and steady'],
  ['high waves', 'stand in the shallow water', 'the small waves only tickled'],
];
const BUILDS = [
  ['a tree house', 'boards, nails and a rope', 'the roof'],
  ['a castle of clay', 'wet clay, pebbles and a bucket', 'the tower'],
  ['a fort', 'chairs, pillows and blankets', 'the roof'],
  ['a raft', 'logs, rope and an old sail', 'the mast'],
  ['a birdhouse', 'thin boards, glue and small nails', 'the little door'],
  ['a bridge over the ditch', 'long planks and flat stones', 'the last plank'],
  ['a cart', 'four wheels, a box and a rope', 'the front wheel'],
  ['a dam in the brook', 'stones, mud and branches', 'the middle'],
  ['a kite', 'paper, thin sticks and string', 'the tail'],
  ['a paper city', 'boxes, scissors and glue', 'the highest house'],
];
const JOYS = split('happy, glad, proud, cheerful, delighted, full of joy, very pleased');
const SORROWS = split('sad, unhappy, disappointed, upset, close to tears, gloomy');
const TRAITS =
  split(`kind, curious, brave, clever, quiet, cheerful, careful, shy, lively, patient, friendly, helpful, dreamy, stubborn,
  honest, playful, gentle, busy, thoughtful, funny`);
const SIZES = split(
  'small, big, tiny, little, large, round, long, old, new, shiny, soft, heavy, light, pretty, plain, bright',
);
const SEASONS = [
  [
    'spring',
    [
      'The air smelled of fresh grass.',
      'The first flowers were open.',
      'A soft rain had washed the leaves.',
      'Birds were building their nests.',
      'The snow had melted, and the brook was full.',
    ],
  ],
  [
    'summer',
    [
      'The sun was hot and the sky was blue.',
      'Bees hummed over the flowers.',
      'The days were long and warm.',
      'There was not a cloud to be seen.',
      'A warm wind moved the tall grass.',
    ],
  ],
  [
    'autumn',
    [
      'Yellow leaves fell from the trees.',
      'The wind was cool and smelled of smoke.',
      'Fog lay over the fields.',
      'The apples were ripe and red.',
      'It had rained all night, and the paths were muddy.',
    ],
  ],
  [
    'winter',
    [
      'Snow lay on every roof.',
      'The pond was covered with ice.',
      'It was so cold that breath turned to little clouds.',
      'Soft white flakes came down without a sound.',
      'The evenings came early, and the windows were yellow with light.',
    ],
  ],
];
const DAYS = split('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday');
const NUMBERS = split('two, three, four, five, six, seven, eight, nine, ten, twelve');

const PRONOUNS = {
  he: { he: 'he', him: 'him', his: 'his', himself: 'himself', kid: 'boy' },
  she: { he: 'she', him: 'her', his: 'her', himself: 'herself', kid: 'girl' },
};

/** The people, animals, things, places and weather of one story; a hero of its own, a friend of the other sex, an elder. */
export function childWorld(random, seasons) {
  const she = random() < 0.5;
  const hero = pick(she ? GIRLS : BOYS, random);
  const friend = pick(she ? BOYS : GIRLS, random);
  return world(random, hero, she ? 'she' : 'he', friend, she ? 'he' : 'she', seasons);
}

/** The same with two animals, "the fox" and "the hare". */
export function animalWorld(random, heroes, friends, seasons) {
  const kind = pick(heroes, random);
  const other = pick(
    friends.filter(animal => animal !== kind),
    random,
  );
  const she = random() < 0.5;
  const words = world(random, `the ${kind}`, she ? 'she' : 'he', `the ${other}`, she ? 'he' : 'she', seasons);
  return { ...words, kind, other, home: pick(DENS, random) };
}

function world(random, h, pronoun, f, friendPronoun, seasons) {
  const [season, weathers] = pick(
    SEASONS.filter(([name]) => seasons?.includes(name) ?? true),
    random,
  );
  const [loan, otherloan] = pickSeveral(LOANS, 2, random);
  const [elder, elderPronoun] = pick(ELDERS, random);
  const [neighbour, neighbourPronoun] = pick(NEIGHBOURS, random);
  const [skill, doing] = pick(SKILLS, random);
  const [fear, dare, truth] = pick(FEARS, random);
  const [building, materials, lastPart] = pick(BUILDS, random);
  const [toy, othertoy] = pickSeveral(TOYS, 2, random);
  const [thing, otherthing] = pickSeveral(THINGS, 2, random);
  const [colour, othercolour] = pickSeveral(COLOURS, 2, random);
  const [place, otherplace] = pickSeveral(OUTSIDE, 2, random);
  const [fruit, otherfruit] = pickSeveral(FRUIT, 2, random);
  const [trait, othertrait] = pickSeveral(TRAITS, 2, random);
  const [day, otherday] = pickSeveral(DAYS, 2, random);
  const size = pick(SIZES, random);
  const bird = pick(BIRDS, random);
  const people = (prefix, name) =>
    Object.fromEntries(Object.entries(PRONOUNS[name]).map(([key, word]) => [`${prefix}${key}`, word]));
  return {
    ...people('', pronoun),
    ...people('f', friendPronoun),
    ...people('e', elderPronoun),
    ...people('n', neighbourPronoun),
    ...{ h, f, elder, n: neighbour, season, weather: pick(weathers, random), skill, doing },
    ...{ fear, dare, truth, building, materials, lastpart: lastPart, toy, othertoy, thing, otherthing },
    ...{ colour, othercolour, place, otherplace, fruit, otherfruit, trait, othertrait, day, otherday, size },
    fruits: plural(fruit),
    otherfruits: plural(otherfruit),
    ...{ loan, otherloan },
    stray: pick(STRAYS, random),
    food: pick(FOODS, random),
    dish: pick(DISHES, random),
    pet: pick(PETS, random),
    petname: pick(PET_NAMES, random),
    wild: pick(WILD, random),
    bird,
    birds: plural(bird),
    flowers: pick(FLOWERS, random),
    vegetable: pick(VEGETABLES, random),
    tree: pick(TREES, random),
    home: pick(HOMES, random),
    joy: pick(JOYS, random),
    sorrow: pick(SORROWS, random),
    number: pick(NUMBERS, random),
    age: pick(['five', 'six', 'seven', 'eight', 'nine', 'ten'], random),
  };
}

export function plural(noun) {
  if (/(s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  if (/(potato|tomato)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}
