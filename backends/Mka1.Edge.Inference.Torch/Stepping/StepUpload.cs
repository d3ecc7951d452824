using Mka1.Edge.Inference.Torch.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Stepping;

/// <summary>Brings a packed step to the device in one copy and spreads it out there.</summary>
internal sealed class StepUpload : IDisposable
{
    private readonly TorchDevice _device;
    private readonly Rotation _rotation;
    private readonly Tensor _heads;
    private readonly Tensor _headSlots;
    private readonly Tensor _positions;
    private readonly Scalar _headCount;
    private readonly int _pageSize;

    /// <param name="device">Where to.</param>
    /// <param name="rotation">Rows for each position.</param>
    /// <param name="keyValueHeads">Heads in a page.</param>
    /// <param name="pageSize">Positions in a page.</param>
    /// <param name="positions">Positions a sequence can have, rounded up to whole pages.</param>
    public StepUpload(TorchDevice device, Rotation rotation, int keyValueHeads, int pageSize, long positions)
    {
        _device = device;
        _rotation = rotation;
        _pageSize = pageSize;
        _headCount = keyValueHeads;
        using var scope = NewDisposeScope();
        using Scalar size = pageSize, heads = keyValueHeads, all = positions;
        var numbers = arange(heads, ScalarType.Int64, device.Device);
        _heads = numbers.view(1, -1, 1).DetachFromDisposeScope();
        _headSlots = numbers.mul(size).view(1, -1).DetachFromDisposeScope();
        _positions = arange(all, ScalarType.Int64, device.Device).DetachFromDisposeScope();
    }

    public DeviceStep Upload(PackedStep step)
    {
        var all = _device.Upload(step.Numbers);
        var rows = step.Rows;
        var (cos, sin) = _rotation.At(all.narrow(0, rows, rows));
        var groups = new DeviceGroup[step.Groups.Count];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = Spread(all, step.Groups[i]);
        return new DeviceStep(
            rows,
            all.narrow(0, 0, rows),
            cos,
            sin,
            all.narrow(0, 2L * rows, rows).unsqueeze(1).add(_headSlots).view(-1),
            all.narrow(0, 3L * rows, step.Asked.Count),
            groups);
    }

    public void Dispose()
    {
        _heads.Dispose();
        _headSlots.Dispose();
        _positions.Dispose();
        _headCount.Dispose();
    }

    private DeviceGroup Spread(Tensor all, QueryGroup group)
    {
        using var scope = NewDisposeScope();
        var rows = all.narrow(0, group.RowsAt, group.Batch * group.Queries);
        var pages = all.narrow(0, group.PagesAt, group.Batch * group.Pages).view(group.Batch, 1, group.Pages);
        var pageRows = pages.mul(_headCount).add(_heads).view(-1);

        // A query at position p sees positions 0 to p.
        var first = all.narrow(0, group.PositionsAt, group.Batch).view(-1, 1, 1, 1, 1);
        var own = _positions.narrow(0, 0, group.Queries).view(1, 1, 1, -1, 1);
        var hidden = _positions.narrow(0, 0, group.Pages * _pageSize).view(1, 1, 1, 1, -1).gt(first.add(own));
        return new DeviceGroup(group, rows.MoveToOuterDisposeScope(), pageRows.MoveToOuterDisposeScope(), hidden.MoveToOuterDisposeScope());
    }
}
