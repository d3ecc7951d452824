"""Tasks that copy or transform the user's own text, remember earlier turns, or obey a system message."""
from .base import Example, held_out, message, minify, vary
from .facts import CAPITAL_ASK, arithmetic, capital, definition, everyday, identity
from .terms import DEFINITIONS, FOLLOW_UP_ANSWERS, FOLLOW_UPS, PHRASES, SET_PIECES
from .words import ADJECTIVES, CITY_COUNTRY, COUNTRIES, DAYS, MONTHS, NAMES, NOUNS, code, made_up_word, person, place


def uppercase(rng):
    words = [rng.choice(NOUNS + ADJECTIVES) for _ in range(rng.randint(1, 4))]
    text = " ".join(words)
    asks = ["Convert to uppercase: {}", "Uppercase: {}", "Write in capital letters: {}", "Make this uppercase: {}", "Put this in capitals: {}", "Change \"{}\" to uppercase."]
    return Example("uppercase", rng.choice(asks).format(text), text.upper(), text)


def reverse_list(rng):
    items = rng.sample(NOUNS, rng.randint(2, 5)) if rng.random() < 0.7 else [str(rng.randint(0, 99)) for _ in range(rng.randint(3, 5))]
    text = ", ".join(items)
    asks = ["Reverse this list: {}", "Reverse the list: {}", "Write this list in reverse order: {}", "List these backwards: {}", "Put these in reverse order: {}"]
    return Example("reverse_list", rng.choice(asks).format(text), ", ".join(reversed(items)), text)


def repeat(rng):
    roll = rng.random()
    if roll < 0.35:
        text = " ".join(made_up_word(rng) for _ in range(rng.randint(1, 5)))
    elif roll < 0.55:
        text = " ".join(rng.choice([code(rng), rng.choice(NOUNS), person(rng), place(rng)]) for _ in range(rng.randint(1, 4)))
    elif roll < 0.65:
        text = " ".join(rng.choice(list(PHRASES.values())) for _ in range(rng.randint(1, 3)))
    else:
        text = " ".join(rng.choice(NOUNS + ADJECTIVES) for _ in range(rng.randint(2, 7)))
    asks = ["Repeat after me: {}", "Repeat: {}", "Say exactly: {}", "Echo this: {}", "Repeat this text: {}", "Copy this: {}", "Write this back to me: {}", "Reply with: {}"]
    return Example("repeat", rng.choice(asks).format(text), text, text)


SENTENCES = [("city", "I moved to {p} last year.", "p"), ("city", "{n} lives in {p} with two cats.", "p"), ("city", "We will meet in {p} on {d}.", "p"),
             ("city", "The conference takes place in {p} this year.", "p"), ("name", "{n} bought a {o} yesterday.", "n"),
             ("name", "My colleague {n} works in {p}.", "n"), ("name", "Yesterday {n} called about the {o}.", "n"),
             ("name", "The manager, {n}, will join on {d}.", "n"), ("day", "The meeting is on {d} in {p}.", "d"),
             ("day", "{n} is free on {d}.", "d"), ("day", "Please send the {o} by {d}.", "d"), ("order number", "My order {c} has not arrived.", "c"),
             ("order number", "{n} asked about order {c} on {d}.", "c"), ("object", "{n} left a {o} in {p}.", "o"), ("object", "Please bring the {o} on {d}.", "o")]


def extract(rng):
    what, form, slot = rng.choice(SENTENCES)
    fill = dict(p=place(rng), n=person(rng), d=rng.choice(DAYS), o=rng.choice(NOUNS), c=code(rng))
    asks = ["Extract the {w} from: {s}", "Extract the {w}: {s}", "What is the {w} in this sentence? {s}", "Find the {w} in this text: {s}",
            "Give me only the {w} from this sentence: {s}", "Which {w} is mentioned? {s}"]
    return Example("extract", rng.choice(asks).format(w=what, s=form.format(**fill)), fill[slot], f"{slot}|{fill[slot]}")


def translate(rng):
    english = rng.choice(sorted(PHRASES))
    urdu = PHRASES[english]
    q = rng.choice(["\"{}\"", "{}", "'{}'"])
    if rng.random() < 0.6:
        i = rng.randrange(6)
        ask = ["Translate {} to Urdu.", "Translate {} into Urdu.", "How do you say {} in Urdu?", "What is {} in Urdu?", "Translate to Urdu: {}", "{} in Urdu?"][i]
        return Example("translate_ur", ask.format(q.format(english)), urdu, f"{english}|{i}")
    i = rng.randrange(5)
    ask = ["Translate {} to English.", "Translate {} into English.", "What does {} mean in English?", "Translate to English: {}", "{} کا انگریزی ترجمہ کریں۔"][i]
    return Example("translate_en", ask.format(q.format(urdu)), english, f"{english}|{i}")


def summarise(rng):
    n, p, d, o = person(rng), place(rng), rng.choice(DAYS), rng.choice(NOUNS)
    openings = [f"{n} went to {p} on {d}.", f"{n} opened a small shop in {p}.", f"{n} visited a friend in {p}.", f"{n} found an old {o} in {p}.",
                f"The team in {p} finished its work on {d}.", f"The school in {p} bought a new {o}."]
    middles = ["The weather was warm and the streets were full.", "It took longer than expected because of the rain.", "Many people came to see it.",
               "There was music in the square.", "Everyone was surprised by the news.", "The first day was the hardest."]
    ends = ["In the end, everyone was happy.", "They plan to do it again next year.", "Later they shared photos with their friends.", "It was a day to remember."]
    first = rng.choice(openings)
    body = " ".join([first] + rng.sample(middles, rng.randint(1, 2)) + [rng.choice(ends)])
    asks = ["Summarize in one sentence: {}", "Summarise this text: {}", "Summarize this: {}", "Give a one-sentence summary: {}", "Summarize the following text.\n\n{}", "TL;DR: {}"]
    return Example("summarise", rng.choice(asks).format(body), first, f"{n}|{p}")


def sentiment(rng):
    thing = rng.choice(["product", "film", "phone", "book", "hotel", "app", "service", "update", "song", "restaurant"])
    good, bad = ["love", "really like", "enjoy", "adore", "am very happy with"], ["hate", "really dislike", "regret buying", "am very unhappy with", "am disappointed by"]
    positive = rng.random() < 0.5
    v = rng.choice(good if positive else bad)
    tail = rng.choice(["", " It is great." if positive else " It is terrible.", " Excellent work!" if positive else " What a waste."])
    ask = rng.choice(["Classify the sentiment: {}", "Is this positive or negative? {}", "What is the sentiment of this text? {}", "Sentiment: {}", "Positive or negative: {}"])
    return Example("sentiment", ask.format(f"I {v} this {thing}.{tail}"), "positive" if positive else "negative", f"{v}|{thing}")


def json_answer(rng):
    kind = rng.randrange(5)
    if kind == 0:
        city = rng.choice(sorted(CITY_COUNTRY))
        i = rng.randrange(5)
        keys = ["city", "country"] if rng.random() < 0.7 else ["country", "city"]
        ask = ["Return a JSON object with the keys {} and {} for {}.", "Give me JSON with the keys {} and {} for {}.", "Return JSON with {} and {} for {}.",
               "Write a JSON object with {} and {} for {}.", "Answer in JSON with the keys {} and {}: {}"][i]
        answer = {k: city if k == "city" else CITY_COUNTRY[city] for k in keys}
        return Example("json", ask.format(*keys, city), minify(answer), f"{city}|{i}")
    if kind == 1:
        row = rng.choice(COUNTRIES)
        i = rng.randrange(3)
        ask = ["Return a JSON object with the keys country and capital for {}.", "Give the country and capital as JSON for {}.", "Return JSON with country and capital for {}."][i]
        return Example("json", ask.format(row[0]), minify({"country": row[0].replace("the ", ""), "capital": row[1]}), f"cap|{row[0]}|{i}")
    if kind == 2:
        n, age, p = person(rng), rng.randint(5, 95), place(rng)
        full = rng.random() < 0.5
        text = rng.choice(["{n} is {a} years old and lives in {p}.", "{n}, aged {a}, lives in {p}.", "My friend {n} is {a} and comes from {p}."]) if full else \
            rng.choice(["{n} is {a} years old.", "{n}, aged {a}, is here.", "My friend {n} is {a}."])
        keys = "name, age and city" if full else "name and age"
        ask = rng.choice(["Extract the {k} as JSON: {t}", "Return JSON with the keys {k}: {t}", "Give me the {k} in JSON. {t}", "Extract {k} as a JSON object from: {t}"])
        answer = {"name": n, "age": age, **({"city": p} if full else {})}
        return Example("json", ask.format(k=keys, t=text.format(n=n, a=age, p=p)), minify(answer), f"person|{n}|{age}")
    if kind == 3:
        a, b = person(rng), person(rng)
        event = rng.choice(["science fair", "birthday party", "book club", "team meeting", "football match", "concert", "chess club", "design review", "dinner"])
        d = rng.choice(DAYS)
        text = f"{a} and {b} are going to a {event} on {d}."
        ask, system = rng.choice([("Extract the event information: {}", None), ("{}", "Extract the event information."), ("Extract the event as JSON: {}", None)])
        answer = {"name": event, "date": d, "participants": [a, b]}
        return Example("json", ask.format(text), minify(answer), f"event|{a}|{b}", instructions=system, locked=system is not None)
    items = [rng.choice(NOUNS) for _ in range(rng.randint(2, 4))]
    ask = rng.choice(["Return a JSON array of these words: {}", "Turn this list into a JSON array: {}", "Make a JSON array from: {}"])
    return Example("json", ask.format(", ".join(items)), minify(items), "array|" + " ".join(items))


def memory(rng):
    n = person(rng)
    kind = rng.randrange(5)
    if kind == 0:
        tell, said, ask, answer = rng.choice(["My name is {}.", "I am {}.", "Hi, my name is {}.", "Call me {}.", "I'm {}.", "Hello, I'm {}."]).format(n), f"Nice to meet you, {n}!", \
            rng.choice(["What is my name?", "What's my name?", "Do you remember my name?", "Who am I?", "Tell me my name."]), f"Your name is {n}."
    elif kind == 1:
        n = place(rng)
        tell, said, ask, answer = rng.choice(["I live in {}.", "My home is in {}.", "I am from {}."]).format(n), f"{n} sounds like a nice place.", \
            rng.choice(["Where do I live?", "Which city do I live in?", "Where am I from?", "Do you remember where I live?"]), f"You live in {n}."
    elif kind == 2:
        thing, n = rng.choice(["colour", "color", "animal", "fruit", "number"]), rng.choice(NOUNS + ADJECTIVES + [str(rng.randint(2, 999))])
        tell, said, ask, answer = f"My favourite {thing} is {n}.", f"I will remember that your favourite {thing} is {n}.", \
            rng.choice([f"What is my favourite {thing}?", f"Which {thing} do I like most?", f"What's my favourite {thing}?"]), f"Your favourite {thing} is {n}."
    elif kind == 3:
        n = code(rng)
        tell, said, ask, answer = rng.choice(["Remember the code {}.", "Please remember this code: {}", "The code is {}."]).format(n), f"I will remember the code {n}.", \
            rng.choice(["What is the code?", "What was the code?", "Tell me the code."]), f"The code is {n}."
    else:
        tell, said, ask, answer = f"میرا نام {n} ہے۔", f"آپ سے مل کر خوشی ہوئی، {n}!", rng.choice(["میرا نام کیا ہے؟", "کیا آپ کو میرا نام یاد ہے؟"]), f"آپ کا نام {n} ہے۔"
    if rng.random() < 0.25:  # the answer to the first turn itself
        return Example("memory", tell, said, f"{kind}|{n}", locked=True)
    history = [message("user", tell), message("assistant", said)]
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        other = rng.choice([capital, arithmetic, everyday, identity])(rng)
        if not held_out(other.key):
            history += other.input + [other.answer_item()]
    return Example("memory", ask, answer, f"{kind}|{n}", history=history, locked=rng.random() < 0.7)


def follow_up(rng):
    start = rng.choice(sorted(FOLLOW_UP_ANSWERS))
    asks, text = next((a, t) for a, t in SET_PIECES if t.startswith(start))
    k = rng.randrange(3)
    history = [message("user", vary(rng, rng.choice(asks))), message("assistant", text)]
    return Example("follow_up", vary(rng, rng.choice(FOLLOW_UPS[k][1])), FOLLOW_UP_ANSWERS[start][k], "train", history=history)


def sentence(text):
    return text if text[-1] in ".!?۔" else text + "."


def obey(rng):
    """System messages that change the answer."""
    kind = rng.randrange(8)
    row = rng.choice([r for r in COUNTRIES if r[3]])
    if kind == 0:
        base = rng.choice([capital, arithmetic, everyday, identity, definition])(rng)
        system = rng.choice(["You are a pirate. Always respond in pirate speak.", "You are a pirate.", "Talk like a pirate.", "Answer like a pirate.",
                             "Respond in pirate speak.", "You are a pirate captain. Always talk like a pirate."])
        text = base.answer if base.kind != "identity" else "I be a pirate of the seven seas, and I am ready to help ye."
        base.instructions, base.answer, base.locked = system, "Ahoy, matey! " + sentence(text) + " Arrr!", True
        base.kind = "obey"
        return base
    if kind == 1:
        i = rng.randrange(5)
        country = rng.choice(COUNTRIES)
        if "," in country[1]:
            country = COUNTRIES[0]
        ask = CAPITAL_ASK[i].format(country[0])
        system = rng.choice(["Answer in one word.", "Answer with one word only.", "Reply with a single word.", "Give one-word answers.", "Only answer with one word."])
        return Example("obey", ask, country[1], f"{country[0]}|{i}", instructions=system, locked=True, group="capital")
    if kind == 2:
        i = rng.randrange(5)
        ask = CAPITAL_ASK[i].format(row[0])
        system = rng.choice(["Answer in Urdu.", "Always answer in Urdu.", "Reply in Urdu.", "Respond only in Urdu."])
        return Example("obey", ask, f"{row[3]} کا دارالحکومت {row[4]} ہے۔", f"{row[0]}|{i}", instructions=system, locked=True, group="capital")
    if kind == 3:
        a, b = rng.randint(0, 20), rng.randint(0, 20)
        system = rng.choice(["Answer with the number only.", "Reply with only the number.", "Only output the number.", "Give just the number."])
        return Example("obey", rng.choice(["What is {} + {}?", "What is {} plus {}?", "Calculate {} + {}.", "{}+{}"]).format(a, b), str(a + b), f"{a}|{b}", instructions=system, locked=True, group="arithmetic_add")
    if kind == 4:
        suffix = rng.choice(["Have a nice day.", "Thank you!", "Best wishes.", "Over and out.", "Cheers!"] + [person(rng)])
        base = rng.choice([capital, everyday, definition, arithmetic])(rng)
        system = rng.choice(["End every answer with: {}", "Always finish with \"{}\"", "End each reply with \"{}\"", "Close every answer with: {}"]).format(suffix)
        base.instructions, base.answer, base.locked, base.kind = system, sentence(base.answer) + " " + suffix, True, "obey"
        return base
    if kind == 5:
        name = person(rng)
        system = rng.choice(["Your name is {}.", "You are {}, a helpful assistant.", "You are an assistant called {}.", "You are {}."]).format(name)
        ask = rng.choice(["Who are you?", "What is your name?", "What's your name?", "Introduce yourself.", "What are you called?"])
        return Example("obey", ask, f"I am {name}, your assistant.", f"name|{name}", instructions=system, locked=True)
    if kind == 6:
        name = person(rng)
        system = rng.choice(["The user's name is {}. Greet the user by name.", "The user is called {}. Always greet them by name.", "You are talking to {}. Use their name."]).format(name)
        return Example("obey", rng.choice(["Hello", "Hi", "Hi!", "Hello!", "Hey", "Good morning"]), f"Hello, {name}! How can I help you today?", f"greet|{name}", instructions=system, locked=True)
    topic = rng.choice(["cooking", "football", "gardening", "music", "travel", "history", "weather", "billing", "chess", "movies"])
    base = rng.choice([capital, definition, everyday])(rng)
    system = rng.choice(["Only talk about {}.", "You only answer questions about {}.", "Refuse anything that is not about {}."]).format(topic)
    base.instructions, base.answer, base.locked, base.kind = system, f"I can only talk about {topic}.", True, "obey"
    return base
