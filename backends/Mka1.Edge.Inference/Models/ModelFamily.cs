namespace Mka1.Edge.Inference.Models;

/// <summary>The tensor names and the fixed habits of a kind of model.</summary>
internal enum ModelFamily
{
    /// <summary>LlamaForCausalLM: one SwiGLU a block; biases where the configuration says so.</summary>
    Llama,

    /// <summary>MistralForCausalLM: Llama without biases, at times with a sliding window.</summary>
    Mistral,

    /// <summary>Qwen2ForCausalLM: Llama with biases on queries, keys and values.</summary>
    Qwen2,

    /// <summary>Qwen3ForCausalLM: Llama with a norm on every query and key head.</summary>
    Qwen3,

    /// <summary>MixtralForCausalLM: a router and several SwiGLU experts a block.</summary>
    Mixtral,

    /// <summary>Qwen2MoeForCausalLM: Qwen2 with experts in some blocks, and one expert that works on every token.</summary>
    Qwen2Moe,

    /// <summary>Qwen3MoeForCausalLM: Qwen3 with experts in some blocks.</summary>
    Qwen3Moe,
}
