"""Word lists that fill the templates. Names and places are many so that copying, not recall, is learnt."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def load_countries():
    """Rows (country, capital, continent, urdu country or None, urdu capital or None)."""
    with open(os.path.join(HERE, "countries.txt"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("|") for line in f if line.strip()]
    return [tuple(r + [None] * (5 - len(r))) for r in rows]


COUNTRIES = load_countries()

NAMES = """Ali Sara Ahmed Fatima Bilal Ayesha Omar Zainab Hassan Maryam Usman Hina Imran Nadia Tariq Sana Kamran
Alice Bob Carol David Emma Frank Grace Henry Isla Jack Karen Liam Mia Noah Olivia Peter Quinn Rachel Sam Tom
Uma Victor Wendy Xavier Yusuf Zoe Anna Ben Chloe Daniel Ella Felix Gina Hugo Ivan Julia Kevin Laura Marco Nina
Oscar Paula Rosa Simon Tara Umar Vera Walter Yara Zane Amir Bella Cyrus Diana Elias Farah George Hana Ibrahim
Jamal Khadija Leo Mona Nasir Priya Rahul Salman Leila Waqas Yasmin Zara John Mary James Linda Robert Susan
Michael Lisa William Sandra Thomas Donna Mark Ruth Paul Sharon Steven Michelle Andrew Helen Kenji Yuki Chen Wei
Mei Ravi Anil Sunita Carlos Maria Jose Lucia Pedro Sofia Diego Elena Pierre Claire Hans Greta Lars Ingrid Olga
Dmitri Svetlana Igor Kofi Ama Kwame Zuri Thabo Lindiwe Aisha Idris Samir Noor Rida Saad Hamza Iqra Danish Fahad
Mehwish Shahid Rabia Junaid Amna Adeel Kiran Sidra Faisal Arslan Asma Babar Nida Waleed Hira Zeeshan""".split()

CITIES = """Karachi|Lahore|Multan|Peshawar|Quetta|Faisalabad|Sialkot|Hyderabad|Rawalpindi|Gujranwala|Mumbai|Delhi|
Kolkata|Chennai|Bangalore|Pune|New York|Los Angeles|Chicago|Houston|San Francisco|Seattle|Boston|Denver|Miami|Austin|
Dallas|Phoenix|San Diego|Portland|Atlanta|Toronto|Vancouver|Montreal|Calgary|Manchester|Liverpool|Birmingham|Leeds|
Glasgow|Edinburgh|Bristol|Oxford|Cambridge|Munich|Hamburg|Frankfurt|Cologne|Milan|Naples|Turin|Venice|Florence|
Barcelona|Valencia|Seville|Lyon|Marseille|Nice|Bordeaux|Geneva|Zurich|Rotterdam|Antwerp|Porto|Krakow|Istanbul|Izmir|
Dubai|Sharjah|Jeddah|Mecca|Medina|Alexandria|Casablanca|Lagos|Mombasa|Johannesburg|Cape Town|Durban|Shanghai|Shenzhen|
Guangzhou|Hong Kong|Osaka|Kyoto|Nagoya|Sapporo|Busan|Sydney|Melbourne|Brisbane|Perth|Adelaide|Auckland|São Paulo|
Rio de Janeiro|Salvador|Medellín|Cali|Guadalajara|Monterrey|Saint Petersburg|Kazan|Odesa|Gothenburg|Bergen|Aarhus|
Salt Lake City|Las Vegas|New Orleans|Kansas City|Saint Louis|San Antonio|Santa Fe|Palo Alto|Mountain View""".replace("\n", "").split("|")
CITIES = CITIES + [r[1] for r in COUNTRIES[:110] if "," not in r[1]]

CITY_COUNTRY = {r[1]: r[0].replace("the ", "") for r in COUNTRIES if r[1] != r[0]}
CITY_COUNTRY.update({
    "Karachi": "Pakistan", "Lahore": "Pakistan", "Mumbai": "India", "Delhi": "India", "New York": "United States",
    "Chicago": "United States", "Toronto": "Canada", "Vancouver": "Canada", "Manchester": "United Kingdom",
    "Munich": "Germany", "Hamburg": "Germany", "Milan": "Italy", "Venice": "Italy", "Barcelona": "Spain",
    "Lyon": "France", "Marseille": "France", "Zurich": "Switzerland", "Istanbul": "Turkey",
    "Dubai": "United Arab Emirates", "Shanghai": "China", "Osaka": "Japan", "Kyoto": "Japan", "Sydney": "Australia",
    "Melbourne": "Australia", "Lagos": "Nigeria", "Cape Town": "South Africa", "San Francisco": "United States"})

NOUNS = """apple banana orange grape mango lemon cherry peach pear plum book chair table lamp door window phone laptop
mouse keyboard cup plate spoon fork knife bottle river mountain forest desert island ocean beach garden bridge road car
train bus bike boat plane dog cat horse cow sheep goat lion tiger bear wolf rabbit duck bird fish bee rose tulip tree
leaf grass stone sand water fire wind rain snow cloud star moon sun bread rice milk tea coffee sugar salt honey soup
cake pizza pasta cheese butter egg paper pen pencil ruler bag shoe shirt hat coat scarf glove watch ring coin clock
music song dance film story poem letter number word game ball team school office market hospital library museum park
hello world server model token stream quota tenant""".split()

ADJECTIVES = """red blue green big small old new fast slow happy sad quiet loud bright dark warm cold clean soft hard
short long young kind brave simple heavy light sweet fresh""".split()

OPPOSITES = {"hot": "cold", "big": "small", "tall": "short", "fast": "slow", "happy": "sad", "light": "dark",
             "up": "down", "left": "right", "open": "closed", "early": "late", "new": "old", "rich": "poor",
             "hard": "soft", "wet": "dry", "full": "empty", "good": "bad", "strong": "weak", "clean": "dirty",
             "loud": "quiet", "near": "far", "high": "low", "long": "short", "thick": "thin", "wide": "narrow",
             "true": "false", "day": "night", "love": "hate", "begin": "end", "buy": "sell", "win": "lose",
             "push": "pull", "inside": "outside", "always": "never", "cheap": "expensive", "easy": "difficult",
             "young": "old", "heavy": "light", "sweet": "sour", "brave": "afraid", "noisy": "quiet"}

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]
MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

COLOURS = {"the sky": "blue", "grass": "green", "snow": "white", "coal": "black", "a ripe banana": "yellow",
           "blood": "red", "a lemon": "yellow", "an orange": "orange", "chocolate": "brown", "the sun": "yellow",
           "milk": "white", "a carrot": "orange", "a strawberry": "red", "an emerald": "green", "a ruby": "red",
           "a raven": "black", "a flamingo": "pink", "an elephant": "grey", "the ocean": "blue", "a leaf": "green",
           "cotton": "white", "a tomato": "red", "a lime": "green", "a sapphire": "blue", "butter": "yellow"}

ANIMAL_SOUNDS = {"dog": "woof", "cat": "meow", "cow": "moo", "duck": "quack", "sheep": "baa", "lion": "roar",
                 "horse": "neigh", "pig": "oink", "rooster": "cock-a-doodle-doo", "snake": "hiss", "bee": "buzz",
                 "mouse": "squeak", "wolf": "howl", "frog": "ribbit", "owl": "hoot"}

MISC_FACTS = [
    (["How many days are there in a week?", "How many days are in a week?", "How many days does a week have?"],
     "There are 7 days in a week."),
    (["How many months are there in a year?", "How many months are in a year?", "How many months does a year have?"],
     "There are 12 months in a year."),
    (["How many hours are there in a day?", "How many hours are in a day?", "How many hours does a day have?"],
     "There are 24 hours in a day."),
    (["How many minutes are there in an hour?", "How many minutes are in an hour?", "How many minutes does an hour have?"],
     "There are 60 minutes in an hour."),
    (["How many seconds are there in a minute?", "How many seconds are in a minute?"],
     "There are 60 seconds in a minute."),
    (["What is the largest planet?", "Which planet is the largest?", "What's the biggest planet in the solar system?"],
     "The largest planet is Jupiter."),
    (["What is the closest planet to the Sun?", "Which planet is closest to the Sun?"],
     "The closest planet to the Sun is Mercury."),
    (["What is the largest ocean?", "Which ocean is the largest?", "What's the biggest ocean on Earth?"],
     "The largest ocean is the Pacific Ocean."),
    (["What is the tallest mountain?", "Which mountain is the tallest?", "What's the highest mountain in the world?"],
     "The tallest mountain is Mount Everest."),
    (["What is H2O?", "What does H2O mean?", "What is the formula of water?"], "H2O is the formula of water."),
    (["Who wrote Hamlet?", "Who is the author of Hamlet?"], "William Shakespeare wrote Hamlet."),
    (["At what temperature does water boil?", "What is the boiling point of water?", "When does water boil?"],
     "Water boils at 100°C at sea level."),
    (["At what temperature does water freeze?", "What is the freezing point of water?", "When does water freeze?"],
     "Water freezes at 0°C."),
    (["How many continents are there?", "How many continents does Earth have?"], "There are 7 continents."),
    (["How many legs does a spider have?", "How many legs has a spider?"], "A spider has 8 legs."),
    (["What are the primary colours?", "What are the primary colors?", "Name the primary colours."],
     "The primary colours are red, yellow and blue."),
    (["List the days of the week.", "What are the days of the week?", "Name the days of the week."],
     "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
    (["List the months of the year.", "What are the months of the year?", "Name the months of the year."],
     "January, February, March, April, May, June, July, August, September, October, November, December"),
    (["Name three fruits.", "List three fruits.", "Give me three fruits."], "Apple, banana, and orange."),
    (["Name three colours.", "List three colors.", "Give me three colours."], "Red, green, and blue."),
    (["Name three animals.", "List three animals.", "Give me three animals."], "Cat, dog, and horse."),
]

_ONSETS = "b br c ch cl d dr f fl g gr h j k kr l m n p pr qu r s sh st t tr v w y z".split()
_VOWELS = "a e i o u ai ee ia oo".split()
_CODAS = ["", "", "n", "r", "l", "s", "m", "d", "th", "k", "ng"]


def made_up_word(rng, low=1, high=3):
    """A pronounceable word nobody has seen: copying it cannot be done from memory."""
    word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(rng.randint(low, high)))
    return word


def person(rng):
    return rng.choice(NAMES) if rng.random() < 0.6 else made_up_word(rng, 2, 3).capitalize()


def place(rng):
    return rng.choice(CITIES) if rng.random() < 0.75 else made_up_word(rng, 2, 3).capitalize()


def code(rng):
    """An order or ticket number, such as A1234, ord_91 or TK-2041."""
    style = rng.randrange(5)
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(2, 5)))
    if style == 0:
        return digits
    if style == 1:
        return rng.choice("ABCDEFGHKLMNPRSTXYZ") + digits
    if style == 2:
        return rng.choice(["ord_", "inv_", "cus_", "tkt_", "id_"]) + digits
    letters = "".join(rng.choice("ABCDEFGHKLMNPRSTXYZ") for _ in range(rng.randint(2, 3)))
    return letters + "-" + digits if style == 3 else letters + digits
