using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>
/// Puts another configuration into use while requests are served, one at a time:
/// <list type="number">
/// <item>the whole of it is read, checked and compiled; what cannot change while the gateway runs is held as it was at the start;</item>
/// <item>what may fail is made ready: weights, certificates;</item>
/// <item>its pools are handed to YARP, beside those in use;</item>
/// <item>the snapshot takes the place of the one before, and what has to go along goes along.</item>
/// </list>
/// Whatever is wrong, up to the third step, leaves everything as it was.
/// </summary>
internal sealed class ConfigReloader : IDisposable
{
    private const int RefusalsKept = 10;
    private const int FaultsTold = 100;

    /// <summary>YARP takes pools up within milliseconds; beyond this something is wrong with it.</summary>
    private static readonly TimeSpan PoolPatience = TimeSpan.FromSeconds(30);

    private readonly EdgeConfiguration _configuration;
    private readonly PoolDirectory _pools;
    private readonly IReadOnlyList<IConfigFollower> _followers;
    private readonly TimeProvider _clock;
    private readonly ILogger<ConfigReloader> _logger;
    private readonly ConfigFile? _file;
    private readonly EdgeConfig _started;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConfigHistory _history;
    private readonly List<ConfigFault> _faults = [];
    private ConfigFault? _fault;
    private IReadOnlyList<string> _needsRestart = [];
    private (long Applied, long Refused) _count;
    private volatile string _taken;
    private volatile ReloadReport _report;

    public ConfigReloader(
        EdgeConfiguration configuration, ConfigStart start, PoolDirectory pools, IEnumerable<IConfigFollower> followers, TimeProvider clock, ILogger<ConfigReloader> logger)
    {
        (_configuration, _pools, _followers, _clock, _logger) = (configuration, pools, [.. followers], clock, logger);
        (_file, _taken, _started) = (start.File, start.Mark, configuration.Current.Config);
        _history = new ConfigHistory(new ConfigVersion(configuration.Current.Version, clock.GetUtcNow(), ConfigSource.Start, _started));
        _report = Report();
    }

    /// <summary>How things stand now.</summary>
    public ReloadReport Current => _report;

    /// <summary>Path of the file; null when the gateway was given its configuration without one.</summary>
    public string? Path => _file?.Path;

    /// <summary>The content of the file that was acted upon last: <see cref="ConfigContent.Mark"/>.</summary>
    public string Taken => _taken;

    /// <summary>Reads the file and puts what it says into use.</summary>
    /// <param name="source">Why.</param>
    /// <param name="cancellation">Gives up waiting for another change to be done.</param>
    public async Task<ReloadOutcome> ReloadAsync(ConfigSource source, CancellationToken cancellation)
    {
        if (_file is null) return new ReloadOutcome.Impossible("This gateway was given its configuration without a file.");
        await _turn.WaitAsync(cancellation);
        try
        {
            var content = _file.Read();

            // Somebody else was faster.
            if (source == ConfigSource.File && content.Mark == _taken) return new ReloadOutcome.Unchanged();
            _taken = content.Mark;
            return await TryAsync(source, () => PutAsync(_file.Parse(content), source));
        }
        finally
        {
            _report = Report();
            _turn.Release();
        }
    }

    /// <summary>Puts an earlier version into use. It stays until the file changes, or somebody asks for the file to be read.</summary>
    /// <param name="version">Which; null for the one before the one in use.</param>
    /// <param name="cancellation">Gives up waiting for another change to be done.</param>
    public async Task<ReloadOutcome> RollBackAsync(string? version, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_history.Find(version) is not { } earlier)
                return new ReloadOutcome.Impossible(version is null ? "There is no version before the one in use." : $"There is no version '{version}' to go back to.");
            return await TryAsync(ConfigSource.Rollback, () => PutAsync(earlier.Config, ConfigSource.Rollback));
        }
        finally
        {
            _report = Report();
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ReloadOutcome> TryAsync(ConfigSource source, Func<Task<ReloadOutcome>> put)
    {
        try
        {
            var outcome = await put();
            if (source != ConfigSource.Rollback) _fault = null;
            return outcome;
        }
        catch (EdgeConfigException e)
        {
            return Refuse(source, e.Faults);
        }
        catch (Exception e)
        {
            // Whatever it is, requests are served by the one before.
            return Refuse(source, [$"The configuration could not be put into use: {e.Message}"]);
        }
    }

    private ReloadOutcome.Refused Refuse(ConfigSource source, IReadOnlyList<string> all)
    {
        IReadOnlyList<string> faults = all.Count <= FaultsTold ? all : [.. all.Take(FaultsTold), $"{all.Count - FaultsTold} more faults."];
        var fault = new ConfigFault(_clock.GetUtcNow(), source, faults);
        if (source != ConfigSource.Rollback) _fault = fault;
        _faults.Insert(0, fault);
        if (_faults.Count > RefusalsKept) _faults.RemoveAt(RefusalsKept);
        _count.Refused++;
        _logger.Refused(source, _configuration.Current.Version, string.Join(" ", faults));
        return new ReloadOutcome.Refused(faults);
    }

    private async Task<ReloadOutcome> PutAsync(EdgeConfig wanted, ConfigSource source)
    {
        var before = _configuration.Current;

        // As it stands, too: it is what a restart would begin with.
        if (EdgeConfigValidator.Validate(wanted) is { Count: > 0 } faults) throw new EdgeConfigException(faults);
        var next = EdgeSnapshot.Build(RestartSettings.Hold(_started, wanted), before);
        var needsRestart = RestartSettings.Between(_started, wanted);
        if (next.Version == before.Version)
        {
            if (source == ConfigSource.Rollback) return new ReloadOutcome.Unchanged();
            Hold(needsRestart);

            // Where it had been rolled back to, it is now the file's own word again.
            if (_history.Active.Source == ConfigSource.Rollback) _history.Return(_history.Active with { Source = source });
            return new ReloadOutcome.Unchanged();
        }

        var rest = _followers.Select(follower => follower.Prepare(next)).ToList();
        await TakeUpPoolsAsync(next);
        GoAlong(next, () => _configuration.Publish(next));
        foreach (var follow in rest) GoAlong(next, follow);
        return Note(before, next, needsRestart, source);
    }

    private async Task TakeUpPoolsAsync(EdgeSnapshot next)
    {
        using var patience = new CancellationTokenSource(PoolPatience, _clock);
        try
        {
            await _pools.ApplyAsync(next, patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new EdgeConfigException([$"pools: not taken up within {PoolPatience.TotalSeconds} s."]);
        }
    }

    private ReloadOutcome.Applied Note(EdgeSnapshot before, EdgeSnapshot next, IReadOnlyList<string> needsRestart, ConfigSource source)
    {
        var version = new ConfigVersion(next.Version, _clock.GetUtcNow(), source, next.Config);
        var changes = ConfigChanges.Between(before.Config, next.Config);
        _count.Applied++;
        if (source == ConfigSource.Rollback) _history.Return(version);
        else _history.Add(version, next.Config.Reload.History);
        _logger.InUse(next.Version, source, changes.Count);
        if (source == ConfigSource.Rollback) _logger.RolledBack(next.Version);
        else Hold(needsRestart);
        return new ReloadOutcome.Applied(changes);
    }

    private void Hold(IReadOnlyList<string> needsRestart)
    {
        if (needsRestart.Count > 0 && !needsRestart.SequenceEqual(_needsRestart)) _logger.NeedsRestart(string.Join(", ", needsRestart));
        _needsRestart = needsRestart;
    }

    /// <summary>The snapshot is in use whatever happens: one that does not go along must not keep others from it.</summary>
    private void GoAlong(EdgeSnapshot next, Action follow)
    {
        try
        {
            follow();
        }
        catch (Exception e)
        {
            _logger.FollowerFailed(next.Version, e);
        }
    }

    private ReloadReport Report() => new(_history.Active, _fault, [.. _faults], _needsRestart, _history.All, _count.Applied, _count.Refused);
}
