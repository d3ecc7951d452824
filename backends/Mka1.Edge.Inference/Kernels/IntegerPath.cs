namespace Mka1.Edge.Inference.Kernels;

/// <summary>Which instructions an integer product uses. All give the same bits.</summary>
internal enum IntegerPath
{
    /// <summary>128-bit vectors that every machine has.</summary>
    Portable,

    /// <summary>x86: multiply bytes, add pairs (vpmaddubsw).</summary>
    Avx2,

    /// <summary>x86: multiply bytes, add fours (vpdpbusd).</summary>
    AvxVnni,

    /// <summary>Arm: multiply bytes, add fours (sdot).</summary>
    ArmDot,
}
