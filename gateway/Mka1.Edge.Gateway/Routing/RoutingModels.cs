using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Reload;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>
/// Holds the weights in use and looks now and then whether their file has changed: new ones take their place at once, for
/// requests that begin from then on; a file that cannot be used changes nothing, and the log says why. A configuration that names
/// another file, another target or other costs is followed in the same way.
/// </summary>
internal sealed class RoutingModels : BackgroundService, IConfigFollower
{
    private readonly EdgeConfiguration _configuration;
    private readonly TimeProvider _clock;
    private readonly ILogger<RoutingModels> _logger;
    private readonly Lock _gate = new();
    private readonly bool _isCandidate;
    private RoutingConfig _config;
    private (DateTime Written, long Length) _seen;
    private volatile RoutingModel _current;

    /// <exception cref="EdgeConfigException">The weights file named cannot be used.</exception>
    public RoutingModels(EdgeConfiguration configuration, TimeProvider clock, ILogger<RoutingModels> logger)
        : this(configuration, isCandidate: false, clock, logger)
    {
    }

    /// <param name="configuration">Names the weights and the targets.</param>
    /// <param name="isCandidate">Whether these are the weights that decide along, in place of those that decide.</param>
    /// <param name="clock">For the pace.</param>
    /// <param name="logger">Is told of changes.</param>
    /// <exception cref="EdgeConfigException">The weights file named cannot be used.</exception>
    internal RoutingModels(EdgeConfiguration configuration, bool isCandidate, TimeProvider clock, ILogger<RoutingModels> logger)
    {
        (_configuration, _isCandidate, _clock, _logger) = (configuration, isCandidate, clock, logger);
        _config = Select(configuration.Current.Config.Routing);
        (_current, _seen) = Load(_config);
    }

    public RoutingModel Current => _current;

    private TimeSpan Interval => TimeSpan.FromSeconds(_configuration.Current.Config.Routing.ReloadSeconds);

    /// <summary>Reads the weights that another configuration names.</summary>
    /// <exception cref="EdgeConfigException">They cannot be used.</exception>
    public Action Prepare(EdgeSnapshot next)
    {
        // One that decides in the same way keeps the window over what has been seen.
        var config = Select(next.Config.Routing);
        if (DecidesAs(config)) return () => Put(config);
        var (model, seen) = Load(config);
        return () =>
        {
            Put(config, (model, seen));
            Announce(config, model);
        };
    }

    /// <summary>Takes the file up if it has changed.</summary>
    public void Refresh()
    {
        RoutingConfig config;
        lock (_gate) config = _config;
        try
        {
            var stamp = Stamp(config);
            lock (_gate)
            {
                if (stamp == _seen) return;
                _seen = stamp;
            }

            var model = Model(config, Read(config));
            lock (_gate)
            {
                // Another configuration has come meanwhile, with weights of its own.
                if (!ReferenceEquals(config, _config)) return;
                _current = model;
            }

            _logger.WeightsInUse(model.Classifier.Version);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            _logger.WeightsRefused(config.Weights!, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Announce(_config, _current);
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Refresh();
            if (timer.Period != Interval) timer.Period = Interval;
        }
    }

    private static bool IsUnusable(Exception e) => e is IOException or UnauthorizedAccessException or RoutingWeightsException;

    private bool DecidesAs(RoutingConfig config)
    {
        lock (_gate) return _config with { ReloadSeconds = config.ReloadSeconds, ShadowConcurrency = config.ShadowConcurrency, Candidate = config.Candidate } == config;
    }

    /// <summary>The settings as they are for these weights.</summary>
    private RoutingConfig Select(RoutingConfig config) => _isCandidate ? config with { Weights = config.Candidate?.Weights } : config;

    private void Announce(RoutingConfig config, RoutingModel model)
    {
        if (!_isCandidate || config.Candidate is not null) _logger.WeightsInUse(model.Classifier.Version);
    }

    private void Put(RoutingConfig config, (RoutingModel Model, (DateTime, long) Seen)? loaded = null)
    {
        lock (_gate)
        {
            _config = config;
            if (loaded is { } other) (_current, _seen) = other;
        }
    }

    private (RoutingModel Model, (DateTime Written, long Length) Seen) Load(RoutingConfig config)
    {
        try
        {
            var stamp = Stamp(config);
            return (Model(config, Read(config)), stamp);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new EdgeConfigException([$"{(_isCandidate ? "routing.candidate.weights" : "routing.weights")}: {e.Message}"]);
        }
    }

    /// <summary>What changes when the file is written; a link is followed, as configuration maps swap links.</summary>
    private static (DateTime Written, long Length) Stamp(RoutingConfig config)
    {
        if (config.Weights is not { } path) return default;
        var file = new FileInfo(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        if (!file.Exists) throw new FileNotFoundException($"There is no file {path}.");
        return (file.LastWriteTimeUtc, file.Length);
    }

    private static ComplexityClassifier Read(RoutingConfig config) =>
        config.Weights is { } path ? new ComplexityClassifier(RoutingWeights.Parse(File.ReadAllBytes(path))) : ComplexityClassifier.BuiltIn;

    private static RoutingModel Model(RoutingConfig config, ComplexityClassifier classifier) =>
        new(classifier, Target(config) is { } shares ? new TierWindow(shares, config.Window) : null);

    private static TierShares? Target(RoutingConfig config)
    {
        if (config.TargetShares is { } shares) return new TierShares(shares.Quantized, shares.Moe, shares.Dense);
        return config.TargetCost is { } cost ? TierShares.OfCost(cost, config.Costs.Quantized, config.Costs.Moe, config.Costs.Dense) : null;
    }
}
