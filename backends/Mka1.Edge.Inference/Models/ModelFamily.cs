namespace Mka1.Edge.Inference.Models;

/// <summary>The tensor naming and feed-forward kind of a model.</summary>
internal enum ModelFamily
{
    /// <summary>LlamaForCausalLM: one SwiGLU a block.</summary>
    Llama,

    /// <summary>MixtralForCausalLM: a router and several SwiGLU experts a block.</summary>
    Mixtral,
}
