using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Engine;

/// <summary>Continuous batching: one thread that runs step after step, and between steps lets requests join and leave.</summary>
/// <remarks>
/// <para>Each round: 1. those nobody wants any more leave; 2. those that wait join while there are places and pages; 3. each that
/// decodes gets room for its next token; 4. one step of the runner; 5. next tokens are chosen, and the finished leave.</para>
/// <para>A request joins when there are pages for its prompt. It takes further pages as its output grows, for how long that
/// will be nobody knows. When none is left, the request that joined last gives all of its pages up and waits, before all who
/// wait for a place, until there is room to compute its tokens once more (or to find them still kept). The request that joined
/// first never gives way and the cache holds one whole context window, so it always ends, and after it the next: there is no
/// deadlock, nobody starves, and nobody who was taken on is refused later.</para>
/// </remarks>
internal sealed class Scheduler : IDisposable
{
    // A monitor, not a Lock: the thread waits on it. Guards _line, _active and _closed.
    private readonly object _lock = new();
    private readonly WaitingLine _line = new();
    private readonly InferenceEngineOptions _options;
    private readonly IModelRunner _runner;
    private readonly Tokenizer _tokenizer;
    private readonly PagePool _pool;
    private readonly StepPlan _plan;
    private readonly SamplingWork _sampling;
    private readonly Thread _thread;
    private readonly SequenceStep[] _batch;

    // In the order they joined; whoever gave pages up joined after all who run.
    private readonly List<Sequence> _running = [];
    private readonly List<Sequence> _preempted = [];
    private readonly List<Sequence> _asking = [];
    private readonly Stack<float[]> _logits = new();

    private int _active;
    private bool _closed;
    private int _batchSize;
    private int _pagesUsed;
    private int _pagesKept;
    private long _steps;
    private long _sequenceSteps;
    private long _tokensDecoded;
    private long _promptTokensComputed;
    private long _promptTokensCached;
    private long _preemptions;

    public Scheduler(IModelRunner runner, Tokenizer tokenizer, ComputeTeam team, InferenceEngineOptions options)
    {
        _runner = runner;
        _tokenizer = tokenizer;
        _options = options;
        _pool = new PagePool(runner.PageCount, runner.PageSize);
        _plan = new StepPlan(runner.PageSize, runner.MaxStepTokens, options.StepTokens);
        _sampling = new SamplingWork(team, () => Interlocked.Increment(ref _tokensDecoded));
        _batch = new SequenceStep[options.MaxConcurrentRequests];
        _thread = new Thread(Work) { IsBackground = true, Name = "inference" };
        _thread.Start();
    }

    public EngineLoad Load
    {
        get
        {
            lock (_lock)
            {
                return new EngineLoad
                {
                    Active = _active,
                    Queued = _line.Count,
                    BatchSize = Volatile.Read(ref _batchSize),
                    PagesTotal = _pool.Total,
                    PagesUsed = Volatile.Read(ref _pagesUsed),
                    PagesKept = Volatile.Read(ref _pagesKept),
                    PageBytes = _runner.PageBytes,
                    Steps = Interlocked.Read(ref _steps),
                    SequenceSteps = Interlocked.Read(ref _sequenceSteps),
                    TokensDecoded = Interlocked.Read(ref _tokensDecoded),
                    PromptTokensComputed = Interlocked.Read(ref _promptTokensComputed),
                    PromptTokensCached = Interlocked.Read(ref _promptTokensCached),
                    Preemptions = Interlocked.Read(ref _preemptions),
                };
            }
        }
    }

    /// <summary>Takes a place in line.</summary>
    /// <exception cref="EngineOverloadedException">There is none.</exception>
    public void Add(GenerationStream stream)
    {
        var sequence = new Sequence(stream);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(InferenceEngine));
            if (_active + _line.Count >= _options.MaxConcurrentRequests + _options.MaxQueuedRequests)
                throw new EngineOverloadedException(_active, _line.Count);
            _line.Add(sequence);
            Monitor.Pulse(_lock);
        }
        stream.Stopped.UnsafeRegister(static state =>
        {
            var (scheduler, sequence) = ((Scheduler, Sequence))state!;
            scheduler.Leave(sequence);
        }, (this, sequence));
    }

    /// <summary>Stops all requests, running or waiting, and waits for the thread.</summary>
    public void Dispose()
    {
        Sequence[] waiting;
        lock (_lock)
        {
            _closed = true;
            waiting = [.. _line.All];
            Monitor.PulseAll(_lock);
        }
        foreach (var sequence in waiting)
            sequence.Stream.Stop();
        _thread.Join();
    }

    // A request that is cancelled while it waits leaves at once and frees its place; a running one is seen to before the next step.
    private void Leave(Sequence sequence)
    {
        bool waited;
        lock (_lock)
            waited = _line.Leave(sequence);
        if (waited)
            sequence.Stream.End(new OperationCanceledException());
    }

    private void Work()
    {
        while (WaitForWork())
        {
            try
            {
                Round();
            }
            catch (Exception e)
            {
                // The step failed as a whole: its readers are told, and the thread goes on with the next.
                Retire(_running, e);
                Retire(_preempted, e);
            }
        }
    }

    private bool WaitForWork()
    {
        lock (_lock)
        {
            if (_active == 0 && _line.Count == 0)
                Volatile.Write(ref _batchSize, 0);
            while (_active == 0 && _line.Count == 0 && !_closed)
                Monitor.Wait(_lock);
            return !_closed || _active > 0;
        }
    }

    private void Round()
    {
        DropStopped(_running);
        DropStopped(_preempted);
        Admit();
        MakeRoom();
        if (_running.Count > 0)
            Step();
        Publish();
    }

    private void DropStopped(List<Sequence> sequences)
    {
        for (var i = sequences.Count - 1; i >= 0; i--)
        {
            if (_closed || sequences[i].Stream.Stopped.IsCancellationRequested)
                Retire(sequences, i, new OperationCanceledException());
        }
    }

    private void Admit()
    {
        while (_preempted.Count > 0 && TryTakePages(_preempted[0]))
        {
            _running.Add(_preempted[0]);
            _preempted.RemoveAt(0);
        }
        while (_preempted.Count == 0 && _running.Count < _options.MaxConcurrentRequests && Next() is { } sequence)
        {
            sequence.Begin();
            if (!TryTakePages(sequence))
                return;
            bool stays;
            lock (_lock)
            {
                stays = !_closed && _line.Serve(sequence);
                if (stays)
                    _active++;
            }
            if (stays)
                Start(sequence);
            else
                sequence.ReleasePages(_pool);
        }
    }

    private Sequence? Next()
    {
        lock (_lock)
            return _closed ? null : _line.Peek();
    }

    // A page to spare for each that runs, so that the next tokens do not push out at once who has just come.
    private bool TryTakePages(Sequence sequence) => sequence.TryTakePages(_pool, _runner.PageSize, _running.Count);

    private void Start(Sequence sequence)
    {
        _running.Add(sequence);
        sequence.Stream.CachedTokens = sequence.Computed;
        Interlocked.Add(ref _promptTokensCached, sequence.Computed);
        sequence.Generation = new Generation(_tokenizer, sequence.Stream)
        {
            Logits = _logits.TryPop(out var logits) ? logits : new float[_runner.Config.VocabularySize],
        };
    }

    private void MakeRoom()
    {
        for (var i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            while (i < _running.Count && sequence.Room(_runner.PageSize) < sequence.Count)
            {
                if (_pool.Take() is >= 0 and var page)
                    sequence.AddPage(page);
                else
                    PreemptLast();
            }
        }
    }

    private void PreemptLast()
    {
        var last = _running[^1];
        _running.RemoveAt(_running.Count - 1);
        last.ReleasePages(_pool);
        _preempted.Insert(0, last);
        Interlocked.Increment(ref _preemptions);
    }

    private void Step()
    {
        _plan.Make(_running);
        var sequences = _plan.Sequences;
        _asking.Clear();
        for (var i = 0; i < sequences.Count; i++)
        {
            var whole = _plan.Tokens[i] == sequences[i].Pending;
            _batch[i] = sequences[i].Step(_plan.Tokens[i], whole ? sequences[i].Generation!.Logits : default);
            if (whole)
                _asking.Add(sequences[i]);
            if (sequences[i].IsReading)
                Interlocked.Add(ref _promptTokensComputed, _plan.Tokens[i]);
        }
        Volatile.Write(ref _batchSize, sequences.Count);
        _runner.Step(_batch.AsSpan(0, sequences.Count));
        Interlocked.Increment(ref _steps);
        Interlocked.Add(ref _sequenceSteps, sequences.Count);

        for (var i = 0; i < sequences.Count; i++)
            sequences[i].Advance(_plan.Tokens[i], _pool, _runner.PageSize);
        if (_asking.Count > 0)
            _sampling.Choose(_asking, _runner.Config.VocabularySize);
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].Fault is not null || _running[i].IsFinished)
                Retire(_running, i, _running[i].Fault);
        }
    }

    private void Retire(List<Sequence> sequences, Exception fault)
    {
        for (var i = sequences.Count - 1; i >= 0; i--)
            Retire(sequences, i, fault);
    }

    private void Retire(List<Sequence> sequences, int index, Exception? fault)
    {
        var sequence = sequences[index];
        sequences.RemoveAt(index);
        sequence.ReleasePages(_pool);
        _logits.Push(sequence.Generation!.Logits);
        Publish();
        lock (_lock)
            _active--;
        sequence.Stream.End(fault);
    }

    // For readers of the load; the pool itself belongs to this thread.
    private void Publish()
    {
        Volatile.Write(ref _pagesUsed, _pool.Held);
        Volatile.Write(ref _pagesKept, _pool.Kept);
    }
}
