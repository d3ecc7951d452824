"""Tool-calling tasks: pick the right tool, copy the arguments, then use the tool's output."""
from .base import Example, call_item, message, minify, output_item, vary
from .facts import arithmetic, capital, definition, everyday, identity
from .words import NOUNS, code, made_up_word, person, place

CITY = (["location", "city", "place", "town"], "string", ["The city and state, e.g. San Francisco, CA", "City name", "The name of the city", "A city, such as Paris", None])
UNIT = (["unit", "units"], "unit", ["Temperature unit", "The unit of the temperature", None])
QUERY = (["query", "q", "text", "search"], "string", ["What to search for", "The search text", "Search query", None])


def text_slot(names, *descriptions):
    return (names, "string", list(descriptions) + [None])


def number_slot(names, *descriptions):
    return (names, "number", list(descriptions) + [None])


def topic(rng):
    return rng.choice(["rate limits", "webhooks", "embeddings", "billing", "streaming", "api keys", "quotas", "tool calls", "background mode", "error codes",
                       "refund policy", "shipping times", "password reset", "data retention", "single sign-on", "conversations", "service tiers",
                       f"{rng.choice(NOUNS)} {rng.choice(NOUNS)}", f"{made_up_word(rng)} {rng.choice(NOUNS)}", made_up_word(rng, 2, 3)])


def phrase(rng):
    return rng.choice(["good morning", "thank you", "where is the station", "see you tomorrow", "I love tea", "how are you",
                       f"the {rng.choice(NOUNS)} is ready", f"my {rng.choice(NOUNS)} and my {rng.choice(NOUNS)}", made_up_word(rng, 2, 2)])


def amount(rng):
    return rng.choice([rng.randint(1, 20), rng.randint(1, 99), rng.randint(100, 999), rng.randint(1, 9) * 100])


CURRENCIES = ["USD", "EUR", "PKR", "GBP", "INR", "JPY", "AED", "SAR", "CAD", "TRY"]
SKY = ["sunny", "cloudy", "rainy", "windy", "clear", "foggy", "snowy", "partly cloudy"]

# name choices, descriptions, slots {slot: (property names, type, descriptions)}, required slots, questions, values, outputs, answers
FAMILIES = [
    dict(kind="weather", names=["get_weather", "get_weather", "get_weather", "weather", "get_current_weather", "weather_lookup", "fetch_weather", "current_weather"],
         about=["Get the current weather in a given location", "Get the weather for a city.", "Current weather for a city", "Returns the weather", "Look up the weather.", None],
         slots={"p": CITY, "u": UNIT}, need=["p"],
         ask=["What is the weather in {p}?", "What's the weather like in {p}?", "What is the weather like in {p} today?", "How is the weather in {p}?", "Weather in {p}?",
              "Is it raining in {p}?", "Tell me the weather in {p}.", "Is it cold in {p} right now?", "What's the weather in {p}", "Check the weather in {p}.", "Will it rain in {p}?",
              "Do I need an umbrella in {p}?", "What is the temperature in {p}?", "I am going to {p}. What is the weather there?", "{p} کا موسم کیسا ہے؟", "How hot is it in {p}?",
              "What's the weather like in {p} today?", "Please get the weather for {p}."],
         values=lambda r: {"p": place(r), "t": r.randint(-9, 42), "s": r.choice(SKY)},
         outputs=["{t}°C and {s}", "{t}°C, {s}", '{{"temperature":{t},"unit":"C","conditions":"{s}"}}', '{{"temperature":{t},"conditions":"{s}"}}', '{{"temp_c":{t},"sky":"{s}"}}', "{s}, {t} degrees",
                  '{{"temperature": {t}, "conditions": "{s}"}}', '{{"temperature":"{t}°C","condition":"{s}"}}', '{{"location":"{p}","temperature":{t},"condition":"{s}"}}'],
         reply="The weather in {p} is {t}°C and {s}."),
    dict(kind="time", names=["get_time", "current_time", "get_current_time", "time_in_city", "clock"], about=["Get the current time in a city", "Returns the local time.", "Local time of a place", None],
         slots={"p": CITY}, need=["p"],
         ask=["What time is it in {p}?", "What's the time in {p}?", "Tell me the time in {p}.", "Current time in {p}?", "What is the local time in {p}?", "Do you know what time it is in {p}?"],
         values=lambda r: {"p": place(r), "t": f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}"}, outputs=["{t}", '{{"time":"{t}"}}', '{{"city":"{p}","time":"{t}"}}', "It is {t}"], reply="It is {t} in {p}."),
    dict(kind="search", names=["search_docs", "search", "search_documents", "find_docs", "knowledge_search", "docs_search", "web_search"],
         about=["Search the documentation", "Search the docs.", "Full-text search over documents", "Find pages about a topic", None], slots={"q": QUERY}, need=["q"],
         ask=["Search the docs for {q}.", "Find documentation about {q}.", "Look up {q} in the docs.", "Search for {q}.", "Can you search the documentation for {q}?", "Find pages about {q}.", "Search: {q}",
              "Where is {q} documented?", "Look for {q} in the documentation."],
         values=lambda r: {"q": topic(r), "t": r.choice(["guide", "reference", "overview", "quickstart", "FAQ", "tutorial"]), "n": r.randint(1, 9)},
         outputs=['{{"results":["{t}"]}}', "{t}", '["{t}"]', '{{"title":"{t}"}}'], reply="I found this about {q}: {t}."),
    dict(kind="add", names=["add", "sum", "add_numbers", "plus", "adder"], about=["Add two numbers", "Adds a and b.", "Returns the sum of two numbers", None],
         slots={"a": number_slot(["a", "x", "first", "left", "num1"], "The first number"), "b": number_slot(["b", "y", "second", "right", "num2"], "The second number")}, need=["a", "b"],
         ask=["What is {a} plus {b}?", "Add {a} and {b}.", "What is {a} + {b}?", "Sum {a} and {b}.", "Please add {a} and {b}.", "What is the sum of {a} and {b}?", "Use the tool to add {a} and {b}."],
         values=lambda r: (lambda a, b: {"a": a, "b": b, "t": a + b})(amount(r), amount(r)), outputs=["{t}", '{{"result":{t}}}', '{{"sum":{t}}}'], reply="{a} + {b} = {t}"),
    dict(kind="calculator", names=["calculator", "calculate", "evaluate", "math", "calc"], about=["Evaluate an arithmetic expression", "A calculator", "Compute a mathematical expression.", None],
         slots={"e": text_slot(["expression", "expr", "input", "formula"], "The expression to evaluate", "e.g. 2 + 2")}, need=["e"],
         ask=["What is {e}?", "Calculate {e}.", "Compute {e}.", "How much is {e}?", "Use the calculator for {e}.", "Evaluate {e}", "Please work out {e}."],
         values=lambda r: (lambda a, o, b: {"e": f"{a} {o} {b}", "t": a + b if o == "+" else a - b if o == "-" else a * b})(amount(r), r.choice("+-*"), amount(r)),
         outputs=["{t}", '{{"result":{t}}}', '{{"value":{t}}}'], reply="{e} = {t}"),
    dict(kind="currency", names=["convert_currency", "currency_converter", "exchange", "convert_money"], about=["Convert an amount between currencies", "Currency conversion", None],
         slots={"a": number_slot(["amount", "value", "sum"], "The amount to convert"), "f": text_slot(["from", "from_currency", "source"], "Source currency code"),
                "g": text_slot(["to", "to_currency", "target"], "Target currency code")}, need=["a", "f", "g"],
         ask=["Convert {a} {f} to {g}.", "How much is {a} {f} in {g}?", "What is {a} {f} in {g}?", "Exchange {a} {f} into {g}.", "{a} {f} to {g}", "I have {a} {f}. How much is that in {g}?"],
         values=lambda r: (lambda f, g: {"a": amount(r), "f": f, "g": g, "t": r.randint(1, 9999)})(*r.sample(CURRENCIES, 2)),
         outputs=["{t}", '{{"result":{t}}}', '{{"amount":{t},"currency":"{g}"}}', "{t} {g}"], reply="{a} {f} is {t} {g}."),
    dict(kind="email", names=["send_email", "email", "send_mail", "mail_user"], about=["Send an email", "Sends an email to a person.", None],
         slots={"n": text_slot(["to", "recipient", "name", "address"], "Who gets the email", "The recipient"), "m": text_slot(["body", "message", "content", "text"], "The text of the email")}, need=["n", "m"],
         ask=["Send an email to {n} saying {m}.", "Email {n}: {m}", "Send {n} an email that says {m}.", "Please email {n} with the message {m}.", "Write an email to {n} saying {m}"],
         values=lambda r: {"n": r.choice([person(r), f"{person(r).lower()}@example.com"]), "m": r.choice([phrase(r), f"the {r.choice(NOUNS)} is late", "the meeting is cancelled", "hello"])},
         outputs=["sent", "ok", '{{"status":"sent"}}', '{{"ok":true}}'], reply="I sent the email to {n}."),
    dict(kind="order", names=["lookup_order", "get_order", "order_status", "find_order", "get_order_status", "track_order"],
         about=["Look up an order", "Get the status of an order by its id", "Returns the status of an order.", None],
         slots={"c": text_slot(["order_id", "id", "order", "order_number"], "The order id", "The number of the order")}, need=["c"],
         ask=["Where is my order {c}?", "What is the status of order {c}?", "Look up order {c}.", "Track order {c}.", "Has order {c} been shipped?", "Check order {c}, please.", "Find order {c}",
              "My order {c} has not arrived. Where is it?", "Can you check the status of order {c}?", "Can you look up order {c}?"],
         values=lambda r: {"c": code(r), "s": r.choice(["shipped", "delivered", "pending", "cancelled", "processing", "delayed"])},
         outputs=["{s}", '{{"status":"{s}"}}', '{{"order_id":"{c}","status":"{s}"}}', "Status: {s}"], reply="Order {c} is {s}."),
    dict(kind="ticket", names=["create_ticket", "open_ticket", "new_ticket", "report_issue"], about=["Create a support ticket", "Opens a ticket.", None],
         slots={"m": text_slot(["title", "subject", "summary", "description"], "The title of the ticket", "What is wrong")}, need=["m"],
         ask=["Create a ticket: {m}", "Open a support ticket about {m}.", "Create a ticket for {m}.", "Please open a ticket: {m}", "File a ticket about {m}."],
         values=lambda r: {"m": r.choice([topic(r), f"{r.choice(NOUNS)} is broken", f"cannot open {r.choice(NOUNS)}", "login fails", f"slow {r.choice(NOUNS)}"]), "c": code(r)},
         outputs=["{c}", '{{"ticket":"{c}"}}', '{{"id":"{c}","status":"open"}}'], reply="I created ticket {c}."),
    dict(kind="translate_text", names=["translate_text", "translate", "translator"], about=["Translate text into a language", "Translates text.", None],
         slots={"m": text_slot(["text", "input", "content"], "The text to translate"), "l": text_slot(["language", "target_language", "to", "target"], "The target language")}, need=["m", "l"],
         ask=["Translate \"{m}\" into {l}.", "Translate {m} to {l}.", "How do you say {m} in {l}?", "Please translate \"{m}\" to {l}.", "Use the tool to translate {m} into {l}."],
         values=lambda r: {"m": phrase(r), "l": r.choice(["French", "German", "Spanish", "Urdu", "Arabic", "Turkish", "Chinese", "Japanese", "Hindi", "Italian"]), "t": made_up_word(r, 2, 3)},
         outputs=["{t}", '{{"translation":"{t}"}}', '{{"text":"{t}"}}'], reply="\"{m}\" in {l} is \"{t}\"."),
    dict(kind="reminder", names=["set_reminder", "remind", "create_reminder", "add_reminder"], about=["Set a reminder", "Create a reminder for the user", None],
         slots={"m": text_slot(["text", "task", "note"], "What to remember"), "d": text_slot(["day", "when", "date"], "The day")}, need=["m", "d"],
         ask=["Remind me to {m} on {d}.", "Set a reminder to {m} on {d}.", "On {d}, remind me to {m}.", "Please remind me on {d} to {m}."],
         values=lambda r: {"m": r.choice(["call {}", "email {}", "meet {}", "pay {}", "visit {}"]).format(person(r)), "d": r.choice(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])},
         outputs=["ok", "done", '{{"status":"set"}}'], reply="I will remind you to {m} on {d}."),
    dict(kind="stock", names=["get_stock_price", "stock_price", "get_price", "quote"], about=["Get the price of a stock", "Stock quote by symbol", None],
         slots={"c": text_slot(["symbol", "ticker", "stock"], "The ticker symbol")}, need=["c"],
         ask=["What is the price of {c}?", "Stock price of {c}?", "How much is {c} stock?", "Get the stock price for {c}.", "What is {c} trading at?"],
         values=lambda r: {"c": r.choice(["AAPL", "MSFT", "TSLA", "NVDA", "AMZN", "GOOG", "IBM", "INTC", "".join(r.choice("ABCDEFGHJKLMNPRSTVWXYZ") for _ in range(r.randint(3, 4)))]), "t": r.randint(5, 999)},
         outputs=["{t}", '{{"price":{t}}}', '{{"symbol":"{c}","price":{t}}}'], reply="The price of {c} is {t} dollars."),
]

VERBS = ["get", "find", "cancel", "delete", "update", "open", "close", "show", "archive", "approve", "lock", "check"]
THINGS = ["invoice", "customer", "account", "device", "booking", "flight", "contract", "package", "project", "user", "payment", "report", "task", "server", "license", "room", "vehicle", "patient"]


def invented(rng):
    """A made-up tool, such as cancel_booking{booking_id}, so that unseen names work too."""
    verb, thing = rng.choice(VERBS), rng.choice(THINGS)
    return dict(kind="invented", names=[f"{verb}_{thing}", f"{verb}_{thing}", f"{thing}_{verb}"], about=[f"{verb.capitalize()} a {thing} by its id", f"{verb.capitalize()}s the {thing}.", f"{verb.capitalize()} {thing}", None],
                slots={"c": text_slot([f"{thing}_id", "id", thing, f"{thing}_number"], f"The id of the {thing}", "The id")}, need=["c"],
                ask=[f"{verb.capitalize()} {thing} {{c}}.", f"Please {verb} {thing} {{c}}.", f"{verb.capitalize()} the {thing} {{c}}", f"Can you {verb} {thing} {{c}}?", f"I want to {verb} {thing} {{c}}.",
                     f"{verb.capitalize()} the {thing} with id {{c}}."],
                values=lambda r: {"c": code(r), "s": r.choice(["done", "ok", "success"])}, outputs=["{s}", '{{"status":"{s}"}}', '{{"result":"{s}"}}'], reply=f"{thing.capitalize()} {{c}}: {{s}}.")


def build(rng, family):
    """One concrete tool: (tool object, slot → property name)."""
    names, properties = {}, {}
    slots = list(family["slots"].items())
    if rng.random() < 0.2:
        rng.shuffle(slots)
    slots = [s for s in slots if s[0] in family["need"] or rng.random() < 0.4]
    for slot, (choices, kind, descriptions) in slots:
        name = next(n for n in rng.sample(choices, len(choices)) if n not in properties)
        names[slot] = name
        spec = {"type": "string", "enum": rng.choice([["celsius", "fahrenheit"], ["c", "f"], ["C", "F"]])} if kind == "unit" else \
            {"type": rng.choice(["number", "integer"]) if kind == "number" else "string"}
        description = rng.choice(descriptions)
        if description:
            spec["description"] = description
        properties[name] = spec
    schema = {"type": "object", "properties": properties}
    if rng.random() < 0.7:
        schema["required"] = [names[s] for s, _ in slots if s in family["need"]]
    if rng.random() < 0.4:
        schema["additionalProperties"] = False
    if rng.random() < 0.08:
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    tool = {"name": rng.choice(family["names"])}
    about = rng.choice(family["about"])
    if about:
        tool["description"] = about
    tool["parameters"] = schema
    return tool, names


def offer(rng, families):
    """Build the tools of some families, with distinct names."""
    built, seen = [], set()
    for family in families:
        tool, names = build(rng, family)
        while tool["name"] in seen:
            tool, names = build(rng, family)
        seen.add(tool["name"])
        built.append((family, tool, names))
    return built


def pick_families(rng):
    families = []
    for _ in range(rng.choice([1, 1, 2, 2, 3])):
        family = invented(rng) if rng.random() < 0.2 else rng.choice([FAMILIES[0]] + FAMILIES)
        if all(f["kind"] != family["kind"] for f in families) and not ({"add", "calculator"} <= {f["kind"] for f in families + [family]}):
            families.append(family)
    return families


def arguments(family, names, values):
    """Arguments in the order of the schema; the optional unit is left out, since nobody named one."""
    return {names[s]: values[s] for s in names if s in family["need"]}


def tool_call(rng):
    families = pick_families(rng)
    target = rng.choice(families)
    built = offer(rng, families)
    rng.shuffle(built)
    family, tool, names = next(b for b in built if b[0] is target)
    values = family["values"](rng)
    ask = vary(rng, rng.choice(family["ask"])).format(**values)
    answer = {"name": tool["name"], "arguments": arguments(family, names, values)}
    key = "|".join(str(values[s]) for s in family["need"])
    return Example("tool_call", ask, answer, f"{family['kind']}|{key}", match="tool_call", group="tool", tools=[b[1] for b in built])


def tool_result(rng):
    families = pick_families(rng)
    target = rng.choice(families)
    built = offer(rng, families)
    family, tool, names = next(b for b in built if b[0] is target)
    values = family["values"](rng)
    history = [message("user", rng.choice(family["ask"]).format(**values)), call_item(tool["name"], arguments(family, names, values)),
               output_item(rng.choice(family["outputs"]).format(**values))]
    key = "|".join(str(values[s]) for s in family["need"])
    return Example("tool_result", None, family["reply"].format(**values), f"{family['kind']}|{key}", group="tool", tools=[b[1] for b in built], history=history)


def tool_unrelated(rng):
    """Tools are offered, but the question does not need one."""
    families = pick_families(rng)
    options = [capital, definition, everyday, identity] + ([] if {"add", "calculator"} & {f["kind"] for f in families} else [arithmetic])
    base = rng.choice(options)(rng)
    base.kind, base.tools = "tool_unrelated", [b[1] for b in offer(rng, families)]
    return base


def no_tool(rng):
    """The same questions without a tool to answer them."""
    family = rng.choice(FAMILIES[:2] + [FAMILIES[7], FAMILIES[11]])
    values = family["values"](rng)
    ask = rng.choice([a for a in family["ask"] if a.isascii()])
    key = "|".join(str(values[s]) for s in family["need"])
    return Example("no_tool", vary(rng, ask).format(**values), "I cannot check live data without a tool.", f"{family['kind']}|{key}", group="tool")
