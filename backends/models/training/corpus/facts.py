"""Tasks answered from memory or by small sums: capitals, arithmetic, counting, definitions, everyday facts."""
from .base import Example, vary
from .terms import (DEFINE_ASK, DEFINITIONS, HARM_ASK, HARM_UR, HARMFUL, IDENTITY, REFUSAL, REFUSAL_UR, SET_PIECES, STORY, STORY_ABOUT,
                    STORY_ASK, UNKNOWN, UNKNOWN_ASK)
from .words import (ANIMAL_SOUNDS, CITY_COUNTRY, COLOURS, COUNTRIES, DAYS, MISC_FACTS, MONTH_DAYS, MONTHS, NAMES, OPPOSITES, person, place)

CAPITAL_ASK = ["What is the capital of {}?", "What's the capital of {}?", "Which city is the capital of {}?", "Tell me the capital of {}.",
               "Name the capital of {}.", "Capital of {}?", "Do you know the capital of {}?", "What city is the capital of {}?",
               "Can you tell me what the capital of {} is?", "Give me the capital of {}.", "I need the capital of {}.",
               "What is the capital city of {}?", "Please tell me {}'s capital.", "What is {}'s capital?", "capital of {}",
               "I'm learning geography. What is the capital of {}?", "Quick question: what's the capital of {}?"]
CAPITAL_UR = ["{} کا دارالحکومت کیا ہے؟", "{} کا دارالحکومت بتائیں۔", "{} کا دارالحکومت کون سا شہر ہے؟", "{} کے دارالحکومت کا نام کیا ہے؟",
              "کیا آپ {} کا دارالحکومت جانتے ہیں؟", "مجھے {} کا دارالحکومت بتائیے۔"]


def capital(rng):
    row = rng.choice(COUNTRIES)
    if row[3] and rng.random() < 0.35:
        i = rng.randrange(len(CAPITAL_UR))
        return Example("capital_ur", CAPITAL_UR[i].format(row[3]), f"{row[3]} کا دارالحکومت {row[4]} ہے۔", f"{row[0]}|{i}")
    i = rng.randrange(len(CAPITAL_ASK))
    end = "" if row[1].endswith(".") else "."
    return Example("capital", vary(rng, CAPITAL_ASK[i].format(row[0])), f"The capital of {row[0]} is {row[1]}{end}", f"{row[0]}|{i}")


def geography(rng):
    row = rng.choice(COUNTRIES)
    if rng.random() < 0.4:
        i = rng.randrange(5)
        ask = ["Which continent is {} in?", "On which continent is {}?", "What continent is {} in?", "Where is {}?", "{} is in which continent?"][i]
        name = row[0]
        return Example("continent", ask.format(name), f"{name[0].upper() + name[1:]} is in {row[2]}.", f"{name}|{i}")
    city = rng.choice(sorted(CITY_COUNTRY))
    i = rng.randrange(4)
    ask = ["Which country is {} in?", "What country is {} in?", "In which country is {}?", "{} is a city in which country?"][i]
    the = "the " if CITY_COUNTRY[city].startswith(("United", "Netherlands", "Philippines", "Czech", "Maldives", "Dominican", "Bahamas")) else ""
    return Example("city_country", ask.format(city), f"{city} is in {the}{CITY_COUNTRY[city]}.", f"{city}|{i}")


def arithmetic(rng, ops="++--**", limits=(10, 20, 20, 50, 100, 100)):
    op = rng.choice(ops)
    if op == "*":
        a, b = rng.randint(0, 12), rng.randint(0, 12)
        value, words, symbols = a * b, ["times", "multiplied by"], ["*", "×", "x"]
    else:
        big = rng.choice(limits)
        a, b = rng.randint(0, big), rng.randint(0, big)
        if op == "-" and b > a:
            a, b = b, a
        value = a + b if op == "+" else a - b
        words, symbols = (["plus"], ["+"]) if op == "+" else (["minus"], ["-"])
    spaced = rng.choice([" ", " ", ""])
    expr = rng.choice([f"{a} {rng.choice(words)} {b}", f"{a}{spaced}{rng.choice(symbols)}{spaced}{b}"])
    asks = ["What is {}?", "What's {}?", "Calculate {}.", "{} = ?", "How much is {}?", "Compute {}", "{}", "Solve {}.", "What does {} equal?",
            "Tell me {}.", "Can you work out {}?"]
    if op == "+":
        asks += [f"Add {a} and {b}.", f"What is the sum of {a} and {b}?"]
    if op == "-":
        asks += [f"Subtract {b} from {a}."]
    if op == "*":
        asks += [f"Multiply {a} by {b}.", f"What is the product of {a} and {b}?"]
    sign = {"+": "+", "-": "-", "*": "×"}[op]
    name = {"+": "add", "-": "subtract", "*": "multiply"}[op]
    if rng.random() < 0.08 and op != "*":
        word = "جمع" if op == "+" else "منفی"
        return Example("arithmetic_" + name, f"{a} {word} {b} کتنے ہوتے ہیں؟", f"{a} {sign} {b} = {value}", f"{a}|{b}")
    return Example("arithmetic_" + name, rng.choice(asks).format(expr), f"{a} {sign} {b} = {value}", f"{a}|{b}")


def big_sums(rng):
    """Sums and differences of numbers up to a hundred."""
    return arithmetic(rng, "+-", (20, 50, 100, 100, 100))


def table(rng):
    n = rng.randint(2, 12)
    i = rng.randrange(4)
    ask = ["Write the multiplication table of {}.", "Give me the {} times table.", "Show the times table for {}.", "List the multiplication table of {}."][i]
    return Example("times_table", ask.format(n), "\n".join(f"{n} × {k} = {n * k}" for k in range(1, 11)), f"{n}|{i}")


def counting(rng):
    if rng.random() < 0.2:
        n = rng.randint(2, 20)
        text = ", ".join(str(k) for k in range(n, 0, -1))
        return Example("count_down", rng.choice(["Count down from {} to 1.", "Count backwards from {} to 1.", "Count down from {}."]).format(n), text, n)
    start = 1 if rng.random() < 0.7 else rng.randint(2, 40)
    end = start + (rng.randint(2, 20) if rng.random() < 0.8 else rng.randint(20, 62))
    if rng.random() < 0.03:
        start, end = 1, rng.choice([80, 90, 100])
    asks = ["Count from {} to {}.", "Count from {} to {}", "Count {} to {}.", "Please count from {} to {}.", "List the numbers from {} to {}.",
            "Write the numbers from {} to {}.", "Count up from {} to {}.", "Can you count from {} to {}?"]
    if start == 1 and rng.random() < 0.15:
        return Example("count", rng.choice(["Count to {}.", "Please count to {}."]).format(end), ", ".join(map(str, range(1, end + 1))), f"1|{end}")
    if rng.random() < 0.06:
        return Example("count", f"{start} سے {end} تک گنیں۔", ", ".join(map(str, range(start, end + 1))), f"{start}|{end}")
    return Example("count", rng.choice(asks).format(start, end), ", ".join(map(str, range(start, end + 1))), f"{start}|{end}")


def definition(rng):
    forms, text = rng.choice(DEFINITIONS)
    f, i = rng.randrange(len(forms)), rng.randrange(len(DEFINE_ASK))
    return Example("definition", vary(rng, DEFINE_ASK[i].format(forms[f])), text, f"{forms[f]}|{i}")


def set_piece(rng):
    asks, text = rng.choice(SET_PIECES)
    return Example("set_piece", vary(rng, rng.choice(asks)), text, "train")


def identity(rng):
    asks, text = rng.choice(IDENTITY)
    return Example("identity", vary(rng, rng.choice(asks)), text, "train")


def refusal(rng):
    if rng.random() < 0.1:
        return Example("refusal", rng.choice(HARM_UR), REFUSAL_UR, "train")
    h, i = rng.choice(HARMFUL), rng.randrange(len(HARM_ASK))
    return Example("refusal", vary(rng, HARM_ASK[i].format(h)), REFUSAL, f"{h}|{i}")


def unknown(rng):
    return Example("unknown", vary(rng, rng.choice(UNKNOWN_ASK)), UNKNOWN, "train")


def everyday(rng):
    kind = rng.randrange(6)
    if kind == 0:
        word = rng.choice(sorted(OPPOSITES))
        i = rng.randrange(5)
        ask = ["What is the opposite of {}?", "What's the opposite of \"{}\"?", "Opposite of {}?", "Give me the opposite of {}.", "Name the antonym of {}."][i]
        return Example("opposite", ask.format(word), f"The opposite of {word} is {OPPOSITES[word]}.", f"{word}|{i}")
    if kind == 1:
        thing = rng.choice(sorted(COLOURS))
        i = rng.randrange(4)
        ask = ["What colour is {}?", "What color is {}?", "Which colour is {}?", "Tell me the colour of {}."][i]
        return Example("colour", ask.format(thing), f"{thing[0].upper() + thing[1:]} is {COLOURS[thing]}.", f"{thing}|{i}")
    if kind == 2:
        names = rng.choice([DAYS, MONTHS])
        k, after, i = rng.randrange(len(names)), rng.random() < 0.5, rng.randrange(3)
        word = "after" if after else "before"
        unit = "day" if names is DAYS else "month"
        ask = ["Which {u} comes {w} {n}?", "What {u} is {w} {n}?", "What is the {u} {w} {n}?"][i].format(u=unit, w=word, n=names[k])
        other = names[(k + (1 if after else -1)) % len(names)]
        return Example("calendar", ask, f"The {unit} {word} {names[k]} is {other}.", f"{names[k]}|{word}|{i}")
    if kind == 3:
        k, i = rng.randrange(12), rng.randrange(3)
        ask = ["How many days are in {}?", "How many days does {} have?", "How many days are there in {}?"][i]
        return Example("calendar", ask.format(MONTHS[k]), f"{MONTHS[k]} has {MONTH_DAYS[k]} days.", f"{MONTHS[k]}|days|{i}")
    if kind == 4:
        animal = rng.choice(sorted(ANIMAL_SOUNDS))
        i = rng.randrange(3)
        ask = ["What sound does a {} make?", "What does a {} say?", "Which sound does a {} make?"][i]
        return Example("animal_sound", ask.format(animal), f"{'An' if animal[0] in 'aeiou' else 'A'} {animal} says {ANIMAL_SOUNDS[animal]}.", f"{animal}|{i}")
    asks, text = rng.choice(MISC_FACTS)
    return Example("fact", vary(rng, rng.choice(asks)), text, "train")


def story(rng):
    adjs, animals = ["small", "brave", "clever", "quiet", "kind"], ["fox", "rabbit", "bear", "cat", "owl", "horse", "deer"]
    things = ["stone", "key", "coin", "flower", "shell", "star"]
    default = dict(adj="small", animal="fox", name="Luna", place="a quiet forest", thing="flower", other="rabbit")
    if rng.random() < 0.5:
        return Example("story", vary(rng, rng.choice(STORY_ASK)), STORY.format(**default), "train")
    animal = rng.choice(animals)
    name = person(rng)
    where = place(rng)
    i = rng.randrange(len(STORY_ABOUT))
    fill = dict(adj=adjs[len(name) % 5], animal=animal, name=name, thing=things[len(name) % 6],
                place=where if "{place}" in STORY_ABOUT[i] else "a quiet forest", other="rabbit" if animal != "rabbit" else "squirrel")
    return Example("story", STORY_ABOUT[i].format(**fill), STORY.format(**fill), name, match="prefix")
