/** Simple facts, as tables, and the sentences, questions and answers that come out of them. */
import { capital, fill, list, pick, pickSeveral } from './grammar.mjs';
import { plural } from './words.mjs';

const table = text =>
  text
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s*\|\s*/));

/** Animal, kind, how many legs, cover, food, place, size from 1 to 9, what it does, young. */
const ANIMALS = table(`
dog | mammal | four | fur | meat and bread | in a house with people | 4 | barks when a stranger comes | puppy
cat | mammal | four | soft fur | mice, fish and meat | in a house with people | 3 | sleeps most of the day | kitten
cow | mammal | four | short hair | grass and hay | on a farm | 7 | gives milk | calf
horse | mammal | four | short hair | grass, hay and oats | in a stable or on a meadow | 7 | can run very fast | foal
sheep | mammal | four | wool | grass | on a farm | 5 | gives wool every year | lamb
goat | mammal | four | hair | leaves and grass | on a farm or in the mountains | 5 | can climb steep rocks | kid
pig | mammal | four | bristles | roots, corn and almost anything else | on a farm | 5 | rolls in the mud to stay cool | piglet
hen | bird | two | feathers | grain, seeds and worms | on a farm | 3 | lays eggs | chick
duck | bird | two | feathers that keep out water | water plants and small animals | near water | 3 | swims and dives | duckling
goose | bird | two | feathers | grass and seeds | near water | 4 | flies south in a long line | gosling
owl | bird | two | soft feathers | mice and other small animals | in forests and old barns | 3 | hunts at night | owlet
eagle | bird | two | brown feathers | fish and small animals | in high mountains | 4 | can see a mouse from very far away | eaglet
penguin | bird | two | thick feathers | fish | on cold coasts in the south | 4 | cannot fly but swims very well | chick
parrot | bird | two | colourful feathers | nuts, seeds and fruit | in warm forests | 3 | can copy the sounds of people | chick
mouse | mammal | four | fur | seeds and grain | in holes in the ground | 2 | can slip through a very small gap | pup
rabbit | mammal | four | soft fur | grass and leaves | in burrows under the ground | 3 | has long ears and strong back legs | kitten
squirrel | mammal | four | red or grey fur | nuts and seeds | in trees | 3 | hides nuts for the winter | kit
fox | mammal | four | red fur | mice, birds and berries | in forests and fields | 4 | hunts mostly in the evening and at night | cub
wolf | mammal | four | thick fur | deer and other animals | in forests | 5 | lives and hunts in a pack | pup
bear | mammal | four | thick fur | berries, fish and honey | in forests and mountains | 7 | sleeps through much of the winter | cub
deer | mammal | four | brown hair | leaves, grass and bark | in forests | 6 | runs away at the smallest sound | fawn
hedgehog | mammal | four | spines | insects and worms | in gardens and woods | 3 | rolls into a ball when it is afraid | hoglet
beaver | mammal | four | thick brown fur | bark and plants | in rivers and lakes | 4 | builds dams of branches and mud | kit
otter | mammal | four | thick fur | fish | in rivers and on coasts | 4 | loves to slide and play | pup
bat | mammal | two | fur and thin wings of skin | insects | in caves and attics | 2 | flies at night and hangs upside down in the day | pup
elephant | mammal | four | thick grey skin | grass, leaves and fruit | in Africa and Asia | 9 | uses its trunk like a hand | calf
lion | mammal | four | yellow fur | other animals | on the plains of Africa | 7 | roars so loudly that you can hear it from far away | cub
tiger | mammal | four | orange fur with black stripes | other animals | in the forests of Asia | 7 | can swim well | cub
giraffe | mammal | four | hair with brown patches | leaves of high trees | in Africa | 8 | has the longest neck of all animals | calf
zebra | mammal | four | black and white stripes | grass | in Africa | 7 | lives in herds | foal
camel | mammal | four | sandy hair | dry plants | in deserts | 7 | can live for days without water | calf
monkey | mammal | four | hair | fruit and leaves | in warm forests | 5 | swings from branch to branch | infant
kangaroo | mammal | four | brown fur | grass | in Australia | 6 | jumps on its strong back legs | joey
whale | mammal | no | smooth skin | small sea animals or fish | in the sea | 9 | comes up to breathe air | calf
dolphin | mammal | no | smooth grey skin | fish | in the sea | 6 | is clever and playful | calf
seal | mammal | no | short fur | fish | on cold coasts | 6 | swims well but moves slowly on land | pup
shark | fish | no | rough skin | fish and other sea animals | in the sea | 7 | never stops growing new teeth | pup
salmon | fish | no | silver scales | small water animals | in the sea and in rivers | 4 | swims up the river where it was born | fry
goldfish | fish | no | golden scales | small plants and insects | in ponds and bowls | 2 | never closes its eyes | fry
frog | amphibian | four | wet skin | insects | in ponds and wet meadows | 2 | catches flies with its long tongue | tadpole
snake | reptile | no | dry scales | small animals and eggs | in many places all over the world | 4 | moves without legs | hatchling
turtle | reptile | four | a hard shell | plants and small animals | on land or in water | 4 | can pull its head into its shell | hatchling
crocodile | reptile | four | hard scales | fish and other animals | in warm rivers | 7 | waits in the water without moving | hatchling
lizard | reptile | four | scales | insects | in warm, dry places | 2 | likes to lie in the sun | hatchling
bee | insect | six | fine hair | the sweet juice of flowers | in hives | 1 | makes honey and carries pollen from flower to flower | larva
ant | insect | six | a hard skin | seeds, insects and sweet things | in nests under the ground | 1 | can carry much more than its own weight | larva
butterfly | insect | six | tiny coloured scales on its wings | the sweet juice of flowers | in gardens and meadows | 1 | begins its life as a caterpillar | caterpillar
ladybird | insect | six | red wings with black spots | very small insects | in gardens | 1 | helps the gardener | larva
snail | mollusc | no | a shell | leaves | in gardens and damp places | 1 | carries its house on its back | young snail
spider | arachnid | eight | fine hair | insects | in houses, gardens and woods | 1 | spins a web to catch its food | spiderling
worm | worm | no | soft, wet skin | dead leaves and earth | under the ground | 1 | makes the soil loose and rich | young worm
`).map(([name, kind, legs, cover, food, place, size, does, young]) => ({
  name,
  kind,
  legs,
  cover,
  food,
  place,
  size: Number(size),
  does,
  young,
}));

/** Worker, work, place, tool. */
const JOBS = table(`
baker | bakes bread and cakes | in a bakery | an oven
farmer | grows food and keeps animals | on a farm | a tractor
teacher | helps people to learn | in a school | books and a blackboard
doctor | helps sick people to get well | in a hospital | medicine
nurse | takes care of sick people | in a hospital | bandages and medicine
carpenter | makes things of wood | in a workshop | a saw and a hammer
cook | makes meals | in a kitchen | pots, pans and knives
tailor | makes and mends clothes | in a shop | a needle and thread
fisherman | catches fish | on a boat | a net
gardener | takes care of plants | in a garden | a spade and a rake
painter | paints pictures or walls | in a studio or a house | a brush
pilot | flies a plane | in the air | a map and many instruments
sailor | works on a ship | at sea | ropes and sails
librarian | looks after books and helps people to find them | in a library | lists and shelves
postman | brings letters and parcels | in the streets | a bag and a bicycle
firefighter | puts out fires and saves people | at a fire station | a long hose and a ladder
barber | cuts hair | in a barber shop | scissors and a comb
mechanic | repairs cars and machines | in a garage | a wrench
dentist | takes care of teeth | in an office | a small mirror and a drill
miner | digs stones and metals out of the ground | under the ground | a pick and a lamp
musician | plays music | on a stage | an instrument
writer | writes books and stories | at a desk | a pen or a keyboard
judge | decides what is right under the law | in a court | books of law
shepherd | looks after sheep | on the meadows | a dog and a stick
clockmaker | makes and repairs clocks | in a small shop | tiny screwdrivers
programmer | writes instructions for computers | in an office or at home | a computer
builder | builds houses | on a building site | bricks and a trowel
plumber | repairs water pipes | in houses | a wrench
beekeeper | keeps bees and collects honey | near the hives | a veil and gloves
astronomer | studies the stars and the planets | in an observatory | a telescope
`).map(([name, work, place, tool]) => ({ name, work, place, tool }));

/** Thing, use, material. */
const TOOLS = table(`
hammer | to hit nails | wood and steel
saw | to cut wood | steel
knife | to cut food | steel
spoon | to eat soup | metal or wood
fork | to pick up food | metal
cup | to drink from | clay or glass
umbrella | to stay dry in the rain | cloth and metal
key | to open a lock | metal
needle | to sew | steel
broom | to sweep the floor | wood and straw
ladder | to climb up to high places | wood or metal
lamp | to have light in the dark | metal and glass
clock | to know the time | metal, wood or plastic
pencil | to write and draw | wood and graphite
rubber | to take away what was written in pencil | rubber
scissors | to cut paper and cloth | steel
bucket | to carry water | metal or plastic
rope | to tie and pull things | hemp or plastic
bed | to sleep in | wood and cloth
chair | to sit on | wood
pot | to cook in | metal
oven | to bake bread and cakes | metal and stone
towel | to dry yourself | cotton
soap | to wash your hands | fat and ashes or oils
comb | to put hair in order | plastic, horn or wood
mirror | to see yourself | glass
compass | to find the north | metal and glass
telescope | to see things that are far away | glass lenses and a tube
microscope | to see things that are very small | glass lenses
thermometer | to measure how warm it is | glass and a liquid
scale | to find out how heavy a thing is | metal
ruler | to measure how long a thing is | wood or plastic
calendar | to know the date | paper
map | to find the way | paper
bridge | to get across a river | stone, wood or steel
boat | to travel on water | wood, metal or plastic
bicycle | to travel on two wheels without a motor | steel and rubber
spade | to dig holes | steel and wood
net | to catch fish | string
bell | to call people | bronze
blanket | to stay warm | wool or cotton
glasses | to see better | glass and metal
telephone | to talk to people who are far away | plastic, metal and glass
computer | to write, calculate and store information | metal, plastic and glass
`).map(([name, use, material]) => ({ name, use, material }));

const PLURAL_THINGS = new Set(['scissors', 'glasses']);

const OPPOSITES = table(`
hot | cold
big | small
long | short
high | low
fast | slow
old | young
new | old
good | bad
happy | sad
light | dark
light | heavy
wet | dry
full | empty
hard | soft
strong | weak
rich | poor
clean | dirty
open | closed
loud | quiet
early | late
near | far
thick | thin
wide | narrow
deep | shallow
rough | smooth
sharp | blunt
sweet | sour
brave | afraid
easy | difficult
right | wrong
true | false
alive | dead
awake | asleep
polite | rude
cheap | expensive
tight | loose
straight | crooked
first | last
up | down
in | out
left | right
before | after
day | night
summer | winter
push | pull
buy | sell
give | take
begin | end
laugh | cry
win | lose
remember | forget
arrive | leave
`);

const PAST = table(`
go | went
come | came
see | saw
eat | ate
drink | drank
run | ran
swim | swam
sing | sang
write | wrote
read | read
speak | spoke
take | took
give | gave
find | found
think | thought
bring | brought
buy | bought
catch | caught
teach | taught
build | built
sleep | slept
keep | kept
fly | flew
grow | grew
know | knew
throw | threw
draw | drew
begin | began
break | broke
forget | forgot
make | made
say | said
tell | told
sit | sat
stand | stood
understand | understood
win | won
lose | lost
ride | rode
drive | drove
walk | walked
play | played
help | helped
try | tried
carry | carried
stop | stopped
`);

const PLURALS = table(`
child | children
man | men
woman | women
foot | feet
tooth | teeth
mouse | mice
goose | geese
sheep | sheep
leaf | leaves
knife | knives
wolf | wolves
life | lives
half | halves
box | boxes
bus | buses
city | cities
baby | babies
story | stories
potato | potatoes
fish | fish
shelf | shelves
person | people
ox | oxen
cherry | cherries
dish | dishes
`);

const CAPITALS = table(`
France | Paris | Europe
Germany | Berlin | Europe
Italy | Rome | Europe
Spain | Madrid | Europe
Portugal | Lisbon | Europe
Greece | Athens | Europe
Poland | Warsaw | Europe
Austria | Vienna | Europe
Hungary | Budapest | Europe
Ireland | Dublin | Europe
Norway | Oslo | Europe
Sweden | Stockholm | Europe
Finland | Helsinki | Europe
Denmark | Copenhagen | Europe
Switzerland | Bern | Europe
Belgium | Brussels | Europe
Japan | Tokyo | Asia
China | Beijing | Asia
India | New Delhi | Asia
Thailand | Bangkok | Asia
Vietnam | Hanoi | Asia
South Korea | Seoul | Asia
Nepal | Kathmandu | Asia
Egypt | Cairo | Africa
Kenya | Nairobi | Africa
Ghana | Accra | Africa
Morocco | Rabat | Africa
Ethiopia | Addis Ababa | Africa
Senegal | Dakar | Africa
Canada | Ottawa | North America
Mexico | Mexico City | North America
Cuba | Havana | North America
Brazil | Brasilia | South America
Argentina | Buenos Aires | South America
Chile | Santiago | South America
Peru | Lima | South America
Colombia | Bogota | South America
Australia | Canberra | Oceania
New Zealand | Wellington | Oceania
`);

/** Fruits, vegetables and trees: name, kind, colour, how it grows, taste. */
const PLANTS = table(`
apple | fruit | red, green or yellow | on a tree | sweet and a little sour
pear | fruit | green or yellow | on a tree | sweet and juicy
plum | fruit | blue or purple | on a tree | sweet
cherry | fruit | red | on a tree | sweet or sour
banana | fruit | yellow | on a tall plant in warm countries | sweet and soft
orange | fruit | orange | on a tree in warm countries | sweet and fresh
lemon | fruit | yellow | on a tree in warm countries | very sour
strawberry | fruit | red | on a small plant near the ground | sweet
grape | fruit | green or blue | on a vine | sweet
melon | fruit | green or yellow | on a plant that creeps on the ground | sweet and full of water
peach | fruit | yellow and red | on a tree | sweet and juicy
carrot | vegetable | orange | under the ground | mild and sweet
potato | vegetable | brown or yellow | under the ground | mild
onion | vegetable | brown, white or red | in the ground | strong and sharp
tomato | fruit, though cooks call it a vegetable | red | on a green plant | fresh and a little sour
pea | vegetable | green | in a pod | sweet
bean | vegetable | green, white or red | in a pod | mild
cabbage | vegetable | green or red | close to the ground | mild
lettuce | vegetable | green | close to the ground | fresh
cucumber | vegetable | green | on a plant that creeps on the ground | fresh and watery
pumpkin | vegetable | orange | on a plant that creeps on the ground | mild and sweet
spinach | vegetable | dark green | close to the ground | strong
radish | vegetable | red and white | under the ground | sharp
`);

/** Question and answer, each in its own words, that no table covers. */
const SINGLE = table(`
How many days are there in a week? | There are seven days in a week.
How many months are there in a year? | There are twelve months in a year.
How many hours does a day have? | A day has twenty-four hours.
How many minutes does an hour have? | An hour has sixty minutes.
How many seconds are there in a minute? | There are sixty seconds in a minute.
How many days does a year have? | A year has 365 days, and a leap year has 366.
What are the four seasons? | The four seasons are spring, summer, autumn and winter.
Which month comes after December? | After December comes January, and a new year begins.
What colour is the sky on a clear day? | On a clear day, the sky is blue.
What colour is grass? | Grass is green.
What colour is snow? | Snow is white.
What colour do you get when you mix blue and yellow? | Blue and yellow make green.
What colour do you get when you mix red and yellow? | Red and yellow make orange.
What colour do you get when you mix red and blue? | Red and blue make purple.
What colour do you get when you mix black and white? | Black and white make grey.
How many sides does a triangle have? | A triangle has three sides.
How many sides does a square have? | A square has four sides, and all of them are equally long.
How many corners does a rectangle have? | A rectangle has four corners.
What shape is a ball? | A ball is round. Its shape is called a sphere.
Where does the sun rise? | The sun rises in the east.
Where does the sun set? | The sun sets in the west.
Why is it dark at night? | At night, our side of the earth is turned away from the sun.
Why do we have day and night? | The earth turns around itself once a day, so each side sees the sun for a part of the time.
What is the moon? | The moon is a ball of rock that moves around the earth.
What is the sun? | The sun is a star. It gives us light and warmth.
What is a planet? | A planet is a large ball of rock or gas that moves around a star.
Which planet do we live on? | We live on the earth.
What is rain? | Rain is water that falls from the clouds in drops.
Where does rain come from? | The sun warms the water of seas and lakes, the water rises into the air, makes clouds and falls down again as rain.
What is snow made of? | Snow is made of small crystals of ice.
What is ice? | Ice is frozen water.
When does water freeze? | Water freezes at zero degrees Celsius.
When does water boil? | Water boils at one hundred degrees Celsius.
What is steam? | Steam is water that has become a gas.
What causes thunder? | Lightning heats the air so quickly that it makes a loud noise. That noise is thunder.
Why do we see lightning before we hear thunder? | Light travels much faster than sound.
What is a rainbow? | A rainbow is sunlight that drops of water have split into its colours.
What do plants need to grow? | Plants need light, water, air and soil.
Why do leaves fall in autumn? | Many trees drop their leaves to save water in the cold part of the year.
What is wind? | Wind is air that moves.
What is sand? | Sand is made of very small pieces of stone.
Why is the sea salty? | Rivers wash salt out of the rocks and carry it to the sea.
What is a desert? | A desert is a very dry place where little rain falls.
What is an island? | An island is land with water all around it.
What is a mountain? | A mountain is land that rises high above the land around it.
What is a river? | A river is water that flows through the land, mostly to the sea.
What is a forest? | A forest is a large area full of trees.
What is a village? | A village is a small group of houses in the country.
Where does milk come from? | Most of the milk that we drink comes from cows.
Where does honey come from? | Bees make honey from the sweet juice of flowers.
Where does wool come from? | Wool comes from sheep.
Where does paper come from? | Paper is made from wood.
What is glass made of? | Glass is made of sand that was melted.
What is bread made of? | Bread is made of flour, water, salt and yeast.
What is cheese made of? | Cheese is made of milk.
What is butter made of? | Butter is made of cream.
What is flour? | Flour is grain that was ground to powder.
What do we see with? | We see with our eyes.
What do we hear with? | We hear with our ears.
What do we smell with? | We smell with our nose.
What does the heart do? | The heart pumps blood through the body.
What do we need lungs for? | We need lungs to breathe.
What do we need teeth for? | We need teeth to bite and chew our food.
How many fingers do people have? | Most people have ten fingers.
Why should we wash our hands? | Washing takes away dirt and germs that can make us ill.
Why do we sleep? | Sleep gives the body and the mind time to rest.
Why should we drink water? | The body needs water to work well.
What is a friend? | A friend is somebody whom you like and trust.
What is a promise? | A promise is when you say that you will surely do something.
What is a question? | A question is a sentence that asks for an answer.
What is a library? | A library is a place where you can read and borrow books.
What is a hospital? | A hospital is a place where sick people are cared for.
What is a museum? | A museum is a place where interesting old or beautiful things are shown.
What is a market? | A market is a place where people buy and sell things.
What is a recipe? | A recipe tells you how to make a meal.
What is a dictionary? | A dictionary is a book that explains words.
What is an alphabet? | An alphabet is all the letters of a language in order.
How many letters does the English alphabet have? | The English alphabet has twenty-six letters.
What are the vowels? | The vowels are a, e, i, o and u.
What is a verb? | A verb is a word for something that one does, such as run or think.
What is a noun? | A noun is a word for a person, a place or a thing.
What is an adjective? | An adjective is a word that says what something is like, such as red or small.
What is a sentence? | A sentence is a group of words that says something complete.
What is history? | History is what happened in the past, and the study of it.
What is science? | Science is the careful study of the world by looking, measuring and testing.
What is a computer program? | A computer program is a list of instructions that a computer follows.
What is a number? | A number tells how many or how much.
What is half of ten? | Half of ten is five.
What is a dozen? | A dozen is twelve of something.
What is zero? | Zero is the number that stands for nothing.
Which is the largest animal? | The blue whale is the largest animal.
Which is the tallest animal? | The giraffe is the tallest animal.
Which animals can fly? | Most birds, bats and many insects can fly.
Which birds cannot fly? | Penguins and ostriches cannot fly.
What do caterpillars become? | Caterpillars become butterflies or moths.
What is a mammal? | A mammal is an animal that feeds its young with milk.
What is an insect? | An insect is a small animal with six legs.
What is a reptile? | A reptile is an animal with dry scales, such as a snake or a turtle.
What should you do when you are lost? | Stay calm, stay where you are if you can, and ask a person whom you can trust.
What should you do before you cross the street? | Stop, look left and right, and wait until the street is free.
What should you say when somebody gives you something? | You should say thank you.
What should you say when you have made a mistake? | You should say that you are sorry and try to put it right.
What can you do when you are bored? | You can read, draw, build something or go outside.
How can you be a good friend? | Listen, share, keep your promises and help when help is needed.
Why do we tell the truth? | When we tell the truth, other people can trust us.
Why do people wear coats in winter? | A coat keeps the warm air near the body.
Why do boats float? | A boat floats because it pushes away as much water as it weighs.
Why does a stone sink? | A stone sinks because it is heavier than the water that it pushes away.
What is a shadow? | A shadow is the dark shape that you see where a thing stops the light.
What is an echo? | An echo is a sound that comes back from a wall or a mountain.
What is a magnet? | A magnet is a piece of metal that pulls iron.
What is electricity used for? | Electricity gives us light, drives machines and heats houses.
What is a wheel good for? | With wheels, heavy things can be moved easily.
`);

/** How to do something: what, steps. */
const STEPS = table(`
plant a seed | Fill a pot with earth. | Make a small hole with your finger. | Put the seed into the hole and cover it. | Give it a little water. | Put the pot in a light place.
make tea | Boil some water. | Put the tea into a pot. | Pour the hot water over it. | Wait for a few minutes. | Pour the tea into a cup.
wash your hands | Make your hands wet. | Take some soap. | Rub your hands for twenty seconds. | Rinse them with clean water. | Dry them with a towel.
brush your teeth | Put a little toothpaste on the brush. | Brush every tooth in small circles. | Do not forget the back teeth. | Rinse your mouth with water.
make a sandwich | Take two slices of bread. | Spread butter on them. | Put cheese and a leaf of lettuce on one slice. | Put the other slice on top. | Cut it in half.
write a letter | Write the date at the top. | Begin with a greeting. | Say what you want to say. | End with your name. | Put it into an envelope and write the address on it.
boil an egg | Put water into a pot and heat it. | Put the egg into the water with a spoon. | Wait for six minutes. | Take the egg out and cool it under cold water.
make a fire safely | Choose a place without dry grass. | Put stones in a circle. | Lay small dry sticks in the middle. | Light them and add bigger pieces of wood. | Put the fire out with water when you leave.
wrap a present | Put the box in the middle of the paper. | Cut the paper so that it goes around the box. | Fold the paper over and fix it with tape. | Fold in the ends. | Tie a ribbon around it.
paint a wall | Cover the floor. | Clean the wall and let it dry. | Stir the paint. | Paint the edges first. | Then paint the rest from the top to the bottom.
catch a bus | Look at the timetable. | Be at the stop a few minutes early. | Wait until the bus stands still. | Get in and buy a ticket. | Press the button before your stop.
learn a poem | Read the whole poem aloud. | Learn the first line. | Add one line after another. | Say it from the beginning each time. | Repeat it the next day.
fix a flat tyre | Take off the wheel. | Pull out the tube. | Find the hole and clean the place around it. | Glue a patch on it. | Put everything back and pump it up.
make a paper boat | Take a sheet of paper. | Fold it in half. | Fold the upper corners to the middle. | Fold up the edges at the bottom. | Pull the sides apart.
pack a suitcase | Make a list of what you need. | Put the heavy things at the bottom. | Roll up the shirts. | Put socks into the shoes. | Leave some room for the way back.
cook rice | Wash the rice. | Put one cup of rice and two cups of water into a pot. | Bring it to a boil. | Turn down the heat and cover the pot. | Wait until the water is gone.
clean a window | Dust the glass. | Wash it with warm water and a little soap. | Wipe it dry from top to bottom. | Rub it with paper until it shines.
tidy a room | Pick up everything from the floor. | Put each thing in its place. | Make the bed. | Wipe the dust away. | Sweep the floor last.
feed a bird in winter | Buy seeds for birds. | Put them in a dry place high above the ground. | Keep cats away. | Clean the place every week.
make a new friend | Say hello and tell your name. | Ask a friendly question. | Listen to the answer. | Find something that both of you like. | Meet again.
tie a shoe | Cross the two laces. | Pull one under the other. | Make a loop with one lace. | Put the other lace around it and pull it through. | Pull both loops tight.
read a map | Find the place where you are. | Turn the map so that north is up. | Look for the place where you want to go. | Follow the roads between the two. | Use the scale to see how far it is.
bake a cake | Heat the oven. | Mix butter and sugar. | Add eggs, flour and milk and stir. | Pour it into a tin. | Bake it for an hour.
save money | Write down what you spend. | Put a part of your money aside first. | Buy only what you need. | Wait a day before you buy something big.
give a talk | Know what you want to say. | Make short notes. | Practise it aloud. | Look at the people. | Speak slowly and clearly.
mend a torn page | Put the two parts close together. | Lay a thin strip of tape over the tear. | Press it down with your finger. | Close the book and put something heavy on it.
cross a river on stones | Look for flat, dry stones. | Test each stone with one foot. | Keep your arms out to the sides. | Do not hurry.
take a photograph | Choose what you want to show. | Stand so that the sun is behind you. | Hold the camera still. | Press the button.
`);

const ANIMAL_QUESTIONS = [
  (a, r) => [
    fill(
      `{What does a ${a.name} eat?|What do ${plural2(a.name)} eat?|What is the food of a ${a.name}?}`,
      {},
      r,
    ),
    fill(`{A ${a.name} eats|${capital(plural2(a.name))} eat} ${a.food}.`, {}, r),
  ],
  (a, r) => [
    fill(
      `{Where does a ${a.name} live?|Where do ${plural2(a.name)} live?|Where can you find a ${a.name}?}`,
      {},
      r,
    ),
    fill(
      `{A ${a.name} lives|${capital(plural2(a.name))} live|You can find ${plural2(a.name)}} ${a.place}.`,
      {},
      r,
    ),
  ],
  (a, r) => [
    fill(`How many legs does a ${a.name} have?`, {}, r),
    fill(`A ${a.name} has ${a.legs} legs.`, {}, r),
  ],
  (a, r) => [
    fill(`{What is a baby ${a.name} called?|What do we call a young ${a.name}?}`, {}, r),
    fill(`{A baby ${a.name}|A young ${a.name}} is called a ${a.young}.`, {}, r),
  ],
  (a, r) => [
    fill(
      `{What is special about a ${a.name}?|Tell me something about the ${a.name}.|What do you know about ${plural2(a.name)}?}`,
      {},
      r,
    ),
    fill(`A ${a.name} ${a.does}.`, {}, r),
  ],
  (a, r) => [
    fill(`What covers the body of a ${a.name}?`, {}, r),
    fill(`The body of a ${a.name} is covered with ${a.cover}.`, {}, r),
  ],
  (a, r) => {
    const other = pick(['mammal', 'bird', 'fish', 'insect', 'reptile'], r);
    return [
      fill(`Is a ${a.name} a ${other}?`, {}, r),
      fill(
        other === a.kind
          ? `Yes, a ${a.name} is a ${other}.`
          : `No, a ${a.name} is not a ${other}. It is a ${a.kind}.`,
        {},
        r,
      ),
    ];
  },
  (a, r) => {
    const b = pick(
      ANIMALS.filter(other => other.size !== a.size),
      r,
    );
    const [big, small] = a.size > b.size ? [a, b] : [b, a];
    return [
      fill(
        `{Which is bigger, a ${a.name} or a ${b.name}?|Is a ${big.name} bigger than a ${small.name}?|Which animal is larger: the ${a.name} or the ${b.name}?}`,
        {},
        r,
      ),
      fill(`A ${big.name} is bigger than a ${small.name}.`, {}, r),
    ];
  },
];

function plural2(name) {
  return (
    {
      mouse: 'mice',
      goose: 'geese',
      wolf: 'wolves',
      deer: 'deer',
      sheep: 'sheep',
      salmon: 'salmon',
      goldfish: 'goldfish',
    }[name] ?? plural(name)
  );
}

const is = tool => (PLURAL_THINGS.has(tool.name) ? 'are' : 'is');
const article = tool => (PLURAL_THINGS.has(tool.name) || tool.name === 'soap' ? tool.name : `a ${tool.name}`);

const ONES =
  'zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,eighteen,nineteen'.split(
    ',',
  );
const TENS = ',,twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety'.split(',');

/** A number from 0 to 199 in words. */
export function inWords(number) {
  if (number < 20) return ONES[number];
  if (number < 100) return `${TENS[Math.floor(number / 10)]}${number % 10 ? `-${ONES[number % 10]}` : ''}`;
  return `one hundred${number % 100 ? ` and ${inWords(number % 100)}` : ''}`;
}

const DAYS = 'Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday'.split(',');
const MONTHS = 'January,February,March,April,May,June,July,August,September,October,November,December'.split(
  ',',
);

const QUESTIONS = [
  r => pick(ANIMAL_QUESTIONS, r)(pick(ANIMALS, r), r),
  r => pick(ANIMAL_QUESTIONS, r)(pick(ANIMALS, r), r),
  r => pick(SINGLE, r),
  r => pick(SINGLE, r),
  r => {
    const job = pick(JOBS, r);
    return pick(
      [
        [`What does a ${job.name} do?`, `A ${job.name} ${job.work}.`],
        [`Where does a ${job.name} work?`, `A ${job.name} works ${job.place}.`],
        [`What does a ${job.name} need for the work?`, `A ${job.name} needs ${job.tool}.`],
        [`Who ${job.work}?`, `A ${job.name} ${job.work}.`],
      ],
      r,
    ).map(text => fill(text, {}, r));
  },
  r => {
    const tool = pick(TOOLS, r);
    const they = PLURAL_THINGS.has(tool.name) ? 'They are' : 'It is';
    return pick(
      [
        [`What ${is(tool)} ${article(tool)} for?`, `You use ${article(tool)} ${tool.use}.`],
        [`What do you need ${tool.use}?`, `You need ${article(tool)} ${tool.use}.`],
        [`What ${is(tool)} ${article(tool)} made of?`, `${they} made of ${tool.material}.`],
      ],
      r,
    ).map(text => fill(text, {}, r));
  },
  r => {
    const [a, b] = pick(OPPOSITES, r);
    const word = `{What is the opposite of "${a}"?|Which word means the opposite of "${a}"?|Give me the opposite of "${a}".}`;
    return [
      fill(word, {}, r),
      fill(`{The opposite of "${a}" is "${b}".|"${capital(b)}" is the opposite of "${a}".}`, {}, r),
    ];
  },
  r => {
    const [now, past] = pick(PAST, r);
    return [
      fill(`{What is the past tense of "${now}"?|How do you say "I ${now}" in the past?}`, {}, r),
      fill(`{The past tense of "${now}" is "${past}".|In the past, you say "I ${past}".}`, {}, r),
    ];
  },
  r => {
    const [one, many] = pick(PLURALS, r);
    return [
      fill(`{What is the plural of "${one}"?|How do you say more than one ${one}?}`, {}, r),
      fill(`{The plural of "${one}" is "${many}".|One ${one}, two ${many}.}`, {}, r),
    ];
  },
  r => {
    const [country, city, part] = pick(CAPITALS, r);
    return pick(
      [
        [`What is the capital of ${country}?`, `The capital of ${country} is ${city}.`],
        [`Which country has the capital ${city}?`, `${city} is the capital of ${country}.`],
        [`Where is ${country}?`, `${country} is in ${part}.`],
        [`On which continent does ${city} lie?`, `${city} lies in ${part}.`],
      ],
      r,
    );
  },
  r => {
    const [name, kind, colour, grows, taste] = pick(PLANTS, r);
    return pick(
      [
        [`What colour is a ${name}?`, `A ripe ${name} is ${colour}.`],
        [`Where does a ${name} grow?`, `A ${name} grows ${grows}.`],
        [`How does a ${name} taste?`, `A ${name} tastes ${taste}.`],
        [`Is a ${name} a fruit or a vegetable?`, `A ${name} is a ${kind}.`],
      ],
      r,
    ).map(text => fill(text, {}, r));
  },
  r => {
    const a = 1 + Math.floor(r() * 20);
    const b = 1 + Math.floor(r() * 20);
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const words = r() < 0.5 ? inWords : String;
    return pick(
      [
        [
          `{What is|How much is} ${words(a)} plus ${words(b)}?`,
          `${words(a)} plus ${words(b)} is ${words(a + b)}.`,
        ],
        [
          `{What is|How much is} ${words(high)} minus ${words(low)}?`,
          `${words(high)} minus ${words(low)} is ${words(high - low)}.`,
        ],
        [
          `What is ${words(a % 10 || 10)} times ${words(b % 10 || 10)}?`,
          `${words(a % 10 || 10)} times ${words(b % 10 || 10)} is ${words((a % 10 || 10) * (b % 10 || 10))}.`,
        ],
        [`Which number comes after ${words(a + b)}?`, `After ${words(a + b)} comes ${words(a + b + 1)}.`],
        [`Which is more, ${words(a)} or ${words(a + b)}?`, `${words(a + b)} is more than ${words(a)}.`],
      ],
      r,
    ).map(text => capital(fill(text, {}, r)));
  },
  r => {
    const names = r() < 0.5 ? DAYS : MONTHS;
    const at = Math.floor(r() * (names.length - 1));
    const what = names === DAYS ? 'day' : 'month';
    return pick(
      [
        [`Which ${what} comes after ${names[at]}?`, `After ${names[at]} comes ${names[at + 1]}.`],
        [`Which ${what} comes before ${names[at + 1]}?`, `Before ${names[at + 1]} comes ${names[at]}.`],
      ],
      r,
    );
  },
  r => {
    const groups = [
      ['animals that live on a farm', 'cow,horse,sheep,goat,pig,hen,duck'],
      ['animals that live in the sea', 'whale,dolphin,shark,seal'],
      ['wild animals of the forest', 'fox,deer,bear,squirrel,hedgehog,owl,wolf'],
      ['birds', 'owl,eagle,penguin,parrot,duck,goose,hen'],
      ['insects', 'bee,ant,butterfly,ladybird'],
      ['fruits', 'apple,pear,plum,cherry,banana,orange,lemon,peach'],
      ['vegetables', 'carrot,potato,onion,pea,bean,cabbage,pumpkin'],
      ['colours', 'red,blue,green,yellow,white,black,brown,orange'],
      ['things in a kitchen', 'pot,spoon,knife,oven,cup,fork'],
      ['jobs', 'baker,teacher,farmer,doctor,carpenter,pilot,tailor'],
      ['parts of the body', 'hand,foot,head,nose,ear,knee,elbow'],
      ['things that you can wear', 'coat,hat,shirt,scarf,shoe,glove'],
      ['kinds of weather', 'rain,snow,fog,sunshine,wind,hail'],
      ['things that have wheels', 'car,bicycle,train,cart,bus'],
      ['musical instruments', 'piano,violin,flute,drum,guitar,trumpet'],
      ['feelings', 'joy,anger,fear,sadness,surprise'],
    ];
    const [what, members] = pick(groups, r);
    const three = pickSeveral(members.split(','), 3, r);
    return [
      fill(`{Name three ${what}.|Can you name three ${what}?|Tell me three ${what}.}`, {}, r),
      fill(`{Three ${what} are:|Here are three ${what}:} ${list(three)}.`, {}, r),
    ];
  },
  r => {
    const [what, ...steps] = pick(STEPS, r);
    return [
      fill(`{How do you ${what}?|How can I ${what}?|Explain how to ${what}.|Tell me how to ${what}.}`, {}, r),
      inOrder(steps, r),
    ];
  },
];

function inOrder(steps, r) {
  const lower = step => step[0].toLowerCase() + step.slice(1);
  const style = Math.floor(r() * 3);
  if (style === 0) return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
  if (style === 1) return steps.join(' ');
  const links = ['First', 'Then', 'Next', 'After that', 'Then'];
  return steps
    .map((step, index) => `${index === steps.length - 1 ? 'Finally' : links[index % 5]}, ${lower(step)}`)
    .join(' ');
}

/** A question and its answer. */
export function questionAndAnswer(random) {
  return pick(QUESTIONS, random)(random);
}

/** The form in which the course asks. */
export function inForm([question, answer]) {
  return `### Question:\n${question}\n\n### Answer:\n${answer}`;
}

const ANIMAL_TEXT = [
  a => `{The ${a.name} is a ${a.kind}.|A ${a.name} is a ${a.kind}.}`,
  a =>
    a.legs === 'no'
      ? `It has no legs, and its body is covered with ${a.cover}.`
      : `It has ${a.legs} legs, and its body is covered with ${a.cover}.`,
  a => `{It lives|You can find it|Most of them live} ${a.place}.`,
  a => `{It eats|Its food is|It likes to eat} ${a.food}.`,
  a => `{A ${a.name}|It} ${a.does}.`,
  a => `{Its young is called a ${a.young}.|A young ${a.name} is called a ${a.young}.}`,
];

/** Some facts in a row: about an animal or two, a worker, a tool, a plant. */
export function factText(random) {
  const parts = [];
  const animals = pickSeveral(ANIMALS, 2, random);
  const about = animal => {
    const [first, ...rest] = ANIMAL_TEXT;
    return [first, ...pickSeveral(rest, 3 + Math.floor(random() * 3), random)]
      .map(line => line(animal))
      .join(' ');
  };
  const style = Math.floor(random() * 4);
  if (style < 2) {
    parts.push(about(animals[0]), about(animals[1]));
    const [a, b] = animals;
    if (a.kind === b.kind)
      parts.push(
        `Both the ${a.name} and the ${b.name} belong to the same group: {each of them is|each is} a ${a.kind}.`,
      );
    else parts.push(`The ${a.name} is a ${a.kind}, but the ${b.name} is a ${b.kind}.`);
    if (a.size !== b.size)
      parts.push(
        a.size > b.size
          ? `A ${a.name} is {bigger|larger} than a ${b.name}.`
          : `A ${a.name} is smaller than a ${b.name}.`,
      );
  } else if (style === 2) {
    const jobs = pickSeveral(JOBS, 3, random);
    parts.push(
      '{People have many different jobs.|There are many kinds of work.|Everyone can do something.|}',
    );
    for (const job of jobs)
      parts.push(
        `A ${job.name} ${job.work}. {A ${job.name} works ${job.place} and needs ${job.tool}.|For that, one needs ${job.tool}.|You can meet a ${job.name} ${job.place}.}`,
      );
  } else {
    const [name, , colour, grows, taste] = pick(PLANTS, random);
    parts.push(`A ${name} grows ${grows}. When it is ripe, it is ${colour}. It tastes ${taste}.`);
    for (const tool of pickSeveral(TOOLS, 3, random))
      parts.push(
        `{You use ${article(tool)} ${tool.use}.|If you want ${tool.use}, you need ${article(tool)}.}`,
      );
    const [country, city, part] = pick(CAPITALS, random);
    parts.push(`${country} is a country in ${part}. Its capital is ${city}.`);
  }
  return fill(parts.filter(Boolean).join(random() < 0.5 ? ' ' : '\n\n'), {}, random).trim();
}
