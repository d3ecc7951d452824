namespace Mka1.Edge.Inference.Constraints.Masks;

/// <summary>A constraint that can tell at once which tokens of a vocabulary may come next.</summary>
internal interface IMaskedConstraint
{
    /// <summary>Adds to a mask all tokens that may come next. It may hold a few that may not: the constraint is still asked.</summary>
    /// <param name="masks">What is known of the vocabulary.</param>
    /// <param name="allowed">One bit a token; empty before the call.</param>
    /// <returns>False when there is no mask.</returns>
    bool TryMask(TokenMasks masks, Span<ulong> allowed);
}
