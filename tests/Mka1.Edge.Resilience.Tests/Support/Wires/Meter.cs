namespace Mka1.Edge.Resilience.Tests.Support.Wires;

/// <summary>Bytes that one pump has passed since the fault there is began.</summary>
internal sealed class Meter
{
    private Wire? _wire;
    private long _passed;

    /// <summary>The count under that wire; begins anew when it is another than before.</summary>
    public long Under(Wire wire)
    {
        if (_wire != wire) (_wire, _passed) = (wire, 0);
        return _passed;
    }

    public void Add(int bytes) => _passed += bytes;
}
