// What more than one suite asks the model.

export const model = "meetkai:functionary-urdu-mini-pak";
export const capital = { model, input: "What is the capital of France?", temperature: 0 };

/** A request whose answer is long whatever the model thinks of it: a schema demands so many items, each a digit and a comma. */
export const numbers = (items) => ({
  model,
  input: "Say seven many times.",
  temperature: 0,
  text: {
    format: {
      type: "json_schema",
      name: "numbers",
      schema: {
        type: "object",
        properties: { numbers: { type: "array", items: { enum: [7] }, minItems: items, maxItems: items } },
        required: ["numbers"],
        additionalProperties: false,
      },
    },
  },
});
