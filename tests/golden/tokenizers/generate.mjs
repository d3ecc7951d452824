// Small tokenizers with the settings of real families, and what the reference library makes of many texts.
//
//     npm install --no-save tokenizers@0.23.2 && node generate.mjs     writes NAME.json and encodings.json beside this file
//
// The vocabularies are trained here on a few lines; pre-tokenizer, normalizer, added tokens and post-processor are those of
// the families they are named after. The encodings come from the native library (huggingface/tokenizers, in Rust).
import {createRequire} from "node:module";
import {writeFileSync} from "node:fs";

const {Tokenizer, byteLevelAlphabet} = createRequire(process.cwd() + "/")("tokenizers");
const MERGES = 260;
const LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const QWEN2 = LLAMA3.replace("\\p{N}{1,3}", "\\p{N}");
const DEEPSEEK = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const CORPUS = `The quick brown fox jumps over the lazy dog. What is the capital of France? It's Paris; they'll see, I'm sure we've been there.
def main(args):\n    for i in range(100):\n        if i % 15 == 0:\n            print("FizzBuzz")\n    return {"name": "x", "value": [1, 2, 3]}
پاکستان کا دارالحکومت اسلام آباد ہے۔ السلام علیکم، آپ کیسے ہیں؟ یہ ایک کتاب ہے۔
Der Straßenbahnfahrer fährt über die Brücke. L'été dernier, déjà vu, naïve café. Ελληνικά κείμενα. Привет, мир!
北京是中国的首都。東京は日本の首都です。서울은 대한민국의 수도입니다. 🙂🙃👍🏽👩‍👩‍👧 1234567890 3.14159 2024-05-17`.repeat(2);

const TEXTS = [
  "", " ", "  ", "a", "Hello world", "Hello, world!  How are   you?", "I'll I'LL it'd x'sy DON'T we'Re 'tis", "it'\u017F ok 'K x'\u017Fy", "12 123 1234 12345 1234567890", "٣٤٥ ½ Ⅷ ²³",
  "tail  ", "  lead", "\t\ttabs\tand\t spaces \t", "a\nb\n\nc\n\n\n d", "a \n\n b\r\n\r\nc\r", " \n \n x", "\u00a0x\u2028y\u2003z\u3000w", "x\u180ey\u200bz\ufeffw", "\u0085a\u001fb\u0000c\u007f",
  "پاکستان کا دارالحکومت اسلام آباد ہے۔", "السلام علیکم، آپ کیسے ہیں؟", "یہ‌ایک ٹیسٹ ہے", "الْقُرْآن ١٢٣", "नमस्ते दुनिया", "สวัสดีชาวโลก", "Straße naïve café été", "e\u0301 cafe\u0301 A\u030a \u212b \u1e9b\u0323 q\u0307\u0323", "\u0958 \u2126 \ufb1d \uf900 각 \u1100\u1161\u11a8 \u1112\u1161",
  "北京是中国的首都。東京は日本。서울", "ひらがなカタカナー漢字abc１２３", "🙂", "🙂🙂 ok", "👩‍👩‍👧‍👦 family 👍🏽!", "🇵🇰🇯🇵 flags", "𝒳𝓎z 𝟙𝟚𝟛 𐐷abc 𠮷野家", "a𝅘𝅥𝅮b \u{1f9d1}\u200d\u{1f4bb}",
  "lone \ud800 high, low \udc00 end\udfff", "def f(x):\n    return x ** 2  # squared\n\n\nclass A:\n\tpass", "for (int i = 0; i < n; ++i) { a[i] += b[i]; }", "<html><body class=\"x\">&nbsp;</body></html>", "SELECT * FROM t WHERE a='b''c' AND d>=3.5;", "https://example.org/a/b?c=d&e=%20#f",
  "{\"a\": [1, 2.5e-3, null, true], \"b\": \"\\u0041\\n\"}", "C:\\path\\to\\file.txt ~/.bashrc $HOME ^caret`tick`", "snake_case camelCase PascalCase kebab-case", "!!!???...---___***", "a.b,c;d:e(f)g[h]i{j}k<l>m", "¿Qué? ¡Sí! «guillemets» “quotes” ‘single’ – — … €5 £3 ¥2",
  "<|begin_of_text|>Hi<|eot_id|>", "<|im_start|>user\nHi<|im_end|>\n", "a <s> b</s>c <unk> d", "[INST] hi [/INST] there", "x<mask>y  <mask>  z", "a    b        c", "<tool_call>{}</tool_call>", "word<|im_end", "<|im_start|><|im_start|>", " <|eot_id|> ",
  "a".repeat(300), "ab".repeat(150), " ".repeat(120) + "x", "\n".repeat(40), "the ".repeat(40), "ہ".repeat(60), "1".repeat(50), "<0x41> ▁ literal ▁▁", "▁x",
];

function random(seed) {
  return () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
}
const next = random(42);
const LETTERS = ["a", "Z", "the", "ہے", "é", "e\u0301", "𝒳", "🙂", "\u200d", " ", "  ", "\n", "\r\n", "\t", "'", "'s", "1", "23", "٣", "½", ".", "!", "\u00a0", "\u0301", "漢", "각", "<", "|", "_", "\u2003", "-", "\"", "\\", "𠮷", "Ａ"];
for (let i = 0; i < 150; i++)
  TEXTS.push(Array.from({length: 1 + Math.floor(next() * 24)}, () => LETTERS[Math.floor(next() * LETTERS.length)]).join(""));

const split = (regex, behavior = "Isolated") => ({type: "Split", pattern: {Regex: regex}, behavior, invert: false});
const bytes = (use_regex = false, add_prefix_space = false) => ({type: "ByteLevel", add_prefix_space, trim_offsets: true, use_regex});
const sequence = (...pretokenizers) => ({type: "Sequence", pretokenizers});
const special = (content, more = {}) => ({content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...more});
const bos = (id) => ({type: "TemplateProcessing", single: [{SpecialToken: {id, type_id: 0}}, {Sequence: {id: "A", type_id: 0}}],
  pair: [{Sequence: {id: "A", type_id: 0}}, {Sequence: {id: "B", type_id: 1}}], special_tokens: {[id]: {id, ids: [id], tokens: [id]}}});
const SENTENCEPIECE = {type: "Sequence", decoders: [{type: "Replace", pattern: {String: "▁"}, content: " "}, {type: "ByteFallback"}, {type: "Fuse"}, {type: "Strip", content: " ", start: 1, stop: 0}]};

const FAMILIES = {
  gpt2: {pre_tokenizer: bytes(true), added: [special("<|endoftext|>")]},
  "gpt2-prefix": {pre_tokenizer: bytes(true, true), added: [special("<|endoftext|>"), special("<mask>", {lstrip: true})]},
  llama3: {pre_tokenizer: sequence(split(LLAMA3), bytes()), added: [special("<|begin_of_text|>"), special("<|eot_id|>")], model: {ignore_merges: true}, pairs: true,
    post_processor: {type: "Sequence", processors: [{type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true}, bos("<|begin_of_text|>")]}},
  qwen2: {normalizer: {type: "NFC"}, pre_tokenizer: sequence(split(QWEN2), bytes()),
    added: [special("<|endoftext|>"), special("<|im_start|>"), special("<|im_end|>"), special("<tool_call>", {special: false}), special("</tool_call>", {special: false})]},
  deepseek: {pre_tokenizer: sequence(split("\\p{N}{1,3}"), split("[一-龥\u3040-ゟ゠-ヿ]+"), split(DEEPSEEK), bytes()), added: [special("<|eot_id|>")]},
  starcoder: {pre_tokenizer: sequence({type: "Digits", individual_digits: true}, bytes(true)),
    added: [special("<|endoftext|>"), special("    ", {special: false, normalized: true}), special("        ", {special: false, normalized: true}), special("<mask>", {rstrip: true, lstrip: true})]},
  merged: {normalizer: {type: "NFC"}, pre_tokenizer: sequence(split("[,.;:!?]", "MergedWithPrevious"), split("\\s", "MergedWithNext"), split("\\d+", "Contiguous"), split("-", "Removed"), bytes()),
    added: [special("<|end|>"), special("café", {special: false, normalized: true})]},
  llama2: {normalizer: {type: "Sequence", normalizers: [{type: "Prepend", prepend: "▁"}, {type: "Replace", pattern: {String: " "}, content: "▁"}]}, characters: true,
    added: [special("<unk>"), special("<s>"), special("</s>")], model: {unk_token: "<unk>", fuse_unk: true, byte_fallback: true}, decoder: SENTENCEPIECE, post_processor: bos("<s>")},
  mistral: {pre_tokenizer: {type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: false}, characters: true,
    added: [special("<unk>"), special("<s>"), special("</s>"), special("[INST]"), special("[/INST]")], model: {unk_token: "<unk>", fuse_unk: true, byte_fallback: true}, decoder: SENTENCEPIECE, pairs: true},
  unknown: {pre_tokenizer: {type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true}, characters: true, added: [special("<unk>")], model: {unk_token: "<unk>", fuse_unk: false},
    decoder: {type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true}},
};

// Words of the corpus as the family's own steps cut them, in the alphabet its vocabulary is written in.
function words(family, shell) {
  const normalizer = shell.getNormalizer(), pre = shell.getPreTokenizer();
  const text = normalizer ? normalizer.normalizeString(CORPUS) : CORPUS;
  const pieces = pre ? pre.preTokenizeString(text).map(([piece]) => piece) : [text];
  return family.characters ? pieces.flatMap((piece) => piece.split(/(?=▁)/u)) : pieces;
}

function train(family, shell) {
  const vocab = {}, merges = [];
  const add = (token) => vocab[token] ??= Object.keys(vocab).length;
  family.added.forEach((token) => add(token.content));
  if (family.model?.byte_fallback)
    for (let b = 0; b < 256; b++) add(`<0x${b.toString(16).toUpperCase().padStart(2, "0")}>`);
  const pieces = words(family, shell).map((word) => Array.from(word));
  if (family.characters) new Set(pieces.flat()).forEach((c) => c < "\u0600" || c > "\u2000" ? c < "\u3000" && add(c) : null);
  else byteLevelAlphabet().sort().forEach(add);
  const known = (token) => token in vocab;
  while (merges.length < MERGES) {
    const counts = new Map();
    for (const word of pieces)
      for (let i = 0; i + 1 < word.length; i++)
        if (known(word[i]) && known(word[i + 1])) counts.set(word[i] + "\u0001" + word[i + 1], (counts.get(word[i] + "\u0001" + word[i + 1]) ?? 0) + 1);
    const best = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (!best) break;
    const [left, right] = best[0].split("\u0001");
    merges.push([left, right]);
    add(left + right);
    for (const word of pieces)
      for (let i = 0; i + 1 < word.length; i++)
        if (word[i] === left && word[i + 1] === right) word.splice(i, 2, left + right);
  }
  return {vocab, merges};
}

function describe(family, vocab, merges) {
  const ids = (name) => vocab[name];
  const post = JSON.parse(JSON.stringify(family.post_processor ?? null), (key, value) => key === "ids" ? value.map(ids) : value);
  return {
    version: "1.0", truncation: null, padding: null,
    added_tokens: family.added.map((token) => ({id: ids(token.content) ?? 0, ...token})),
    normalizer: family.normalizer ?? null, pre_tokenizer: family.pre_tokenizer ?? null, post_processor: post,
    decoder: family.decoder ?? {type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true},
    model: {type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false,
      ...family.model, vocab, merges: family.pairs ? merges : merges.map((pair) => pair.join(" "))},
  };
}

const encodings = {};
for (const [name, family] of Object.entries(FAMILIES)) {
  const stub = Object.fromEntries([...family.added.map((token) => token.content), "x"].map((token, id) => [token, id]));
  const shell = Tokenizer.fromString(JSON.stringify(describe({...family, model: {}}, stub, [])));
  const {vocab, merges} = train(family, shell);
  const json = JSON.stringify(describe(family, vocab, merges));
  writeFileSync(new URL(`${name}.json`, import.meta.url), json + "\n");
  const tokenizer = Tokenizer.fromString(json);
  encodings[name] = [];
  for (const text of TEXTS) {
    const ids = (await tokenizer.encode(text)).getIds();
    encodings[name].push({ids, decoded: await tokenizer.decode(ids, true)});
  }
}

// The texts as UTF-16 units where they are no proper text: JSON files hold UTF-8.
const safe = TEXTS.map((text) => text.isWellFormed() ? text : Array.from({length: text.length}, (_, i) => text.charCodeAt(i)));
writeFileSync(new URL("encodings.json", import.meta.url), JSON.stringify({texts: safe, families: encodings}) + "\n");
