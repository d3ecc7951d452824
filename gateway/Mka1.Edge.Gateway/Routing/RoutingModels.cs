using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>
/// Holds the weights in use and looks now and then whether their file has changed: new ones take their place at once, for
/// requests that begin from then on; a file that cannot be used changes nothing, and the log says why.
/// </summary>
internal sealed class RoutingModels : BackgroundService
{
    private readonly RoutingConfig _config;
    private readonly TimeProvider _clock;
    private readonly ILogger<RoutingModels> _logger;
    private (DateTime Written, long Length) _seen;
    private volatile RoutingModel _current;

    /// <exception cref="EdgeConfigException">The weights file named cannot be used.</exception>
    public RoutingModels(EdgeSnapshot snapshot, TimeProvider clock, ILogger<RoutingModels> logger)
    {
        (_config, _clock, _logger) = (snapshot.Config.Routing, clock, logger);
        try
        {
            _seen = Stamp();
            _current = Model(Read());
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new EdgeConfigException([$"routing.weights: {e.Message}"]);
        }
    }

    public RoutingModel Current => _current;

    /// <summary>Takes the file up if it has changed.</summary>
    public void Refresh()
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _seen) return;
            _seen = stamp;
            _current = Model(Read());
            _logger.WeightsInUse(_current.Classifier.Version);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            _logger.WeightsRefused(_config.Weights!, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _logger.WeightsInUse(_current.Classifier.Version);
        if (_config.Weights is null) return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_config.ReloadSeconds), _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Refresh();
    }

    private static bool IsUnusable(Exception e) => e is IOException or UnauthorizedAccessException or RoutingWeightsException;

    /// <summary>What changes when the file is written; a link is followed, as configuration maps swap links.</summary>
    private (DateTime Written, long Length) Stamp()
    {
        if (_config.Weights is not { } path) return default;
        var file = new FileInfo(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        if (!file.Exists) throw new FileNotFoundException($"There is no file {path}.");
        return (file.LastWriteTimeUtc, file.Length);
    }

    private ComplexityClassifier Read() =>
        _config.Weights is { } path ? new ComplexityClassifier(RoutingWeights.Parse(File.ReadAllBytes(path))) : ComplexityClassifier.BuiltIn;

    private RoutingModel Model(ComplexityClassifier classifier) => new(classifier, Target() is { } shares ? new TierWindow(shares, _config.Window) : null);

    private TierShares? Target()
    {
        if (_config.TargetShares is { } shares) return new TierShares(shares.Quantized, shares.Moe, shares.Dense);
        return _config.TargetCost is { } cost ? TierShares.OfCost(cost, _config.Costs.Quantized, _config.Costs.Moe, _config.Costs.Dense) : null;
    }
}
