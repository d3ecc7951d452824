namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>Turns bounds on a number into an automaton over its digits.</summary>
/// <remarks>
/// At most 15 significant digits are written, which a double tells apart: what is within the bounds as written is within them
/// as read. No exponent, no <c>-0</c>.
/// </remarks>
internal sealed class NumberCompiler
{
    /// <summary>Bounds must be written with no more digits than this.</summary>
    public const int MaxDigits = 15;

    // Digits before the point when a side is open: the rest is left for the fraction.
    private const int OpenDigits = 9;

    private const int MaxStates = 20_000;

    private readonly ByteNfa _nfa = new();
    private readonly Dictionary<(int Left, int To), int> _free = [];
    private readonly int _accept;
    private readonly int _fraction;

    private NumberCompiler(int fraction)
    {
        _fraction = fraction;
        _accept = _nfa.New();
    }

    /// <exception cref="PatternException">No number lies between the bounds, or they have too many digits.</exception>
    public static ByteAutomaton Compile(NumberRange range, bool integer)
    {
        var limit = Power(MaxDigits) - 1;
        if (integer)
        {
            var least = range.Low is { } a ? (range.LowOpen ? decimal.Floor(a) + 1 : decimal.Ceiling(a)) : -limit;
            var greatest = range.High is { } b ? (range.HighOpen ? decimal.Ceiling(b) - 1 : decimal.Floor(b)) : limit;
            return new NumberCompiler(0).Build(Math.Max(least, -limit), false, Math.Min(greatest, limit), false);
        }
        var whole = Math.Max(WholeDigits(range.Low), WholeDigits(range.High));
        if (range.Low is null || range.High is null)
            whole = Math.Max(whole, OpenDigits);
        if (whole > MaxDigits || Math.Max(Scale(range.Low), Scale(range.High)) > MaxDigits - whole)
            throw new PatternException($"the bounds need more than {MaxDigits} digits");
        var edge = Power(whole) - 1;
        return new NumberCompiler(MaxDigits - whole).Build(range.Low ?? -edge, range.Low is not null && range.LowOpen, range.High ?? edge, range.High is not null && range.HighOpen);
    }

    private ByteAutomaton Build(decimal low, bool lowOpen, decimal high, bool highOpen)
    {
        if (low > high || (low == high && (lowOpen || highOpen)))
            throw new PatternException($"no number of at most {MaxDigits} digits lies between its bounds");
        var start = _nfa.New();
        if (high >= 0)
            Magnitudes(start, Math.Max(low, 0), low >= 0 && lowOpen, high, highOpen);
        if (low < 0)
        {
            var minus = _nfa.New();
            _nfa.Edge(start, (byte)'-', (byte)'-', minus);
            Magnitudes(minus, Math.Max(-high, 0), high >= 0 || highOpen, -low, lowOpen);
        }
        return SubsetConstruction.OfNumber(_nfa, start, _accept, MaxStates).Finish();
    }

    // The numbers from low to high, both 0 or more.
    private void Magnitudes(int from, decimal low, bool lowOpen, decimal high, bool highOpen)
    {
        var (first, last) = ((long)decimal.Floor(low), (long)decimal.Floor(high));
        if (first == last)
        {
            Fraction(Whole(from, first, first), Digits(low), lowOpen, Digits(high), highOpen);
            return;
        }
        Fraction(Whole(from, first, first), Digits(low), lowOpen, null, false);
        if (last - first > 1)
            Fraction(Whole(from, first + 1, last - 1), null, false, null, false);
        Fraction(Whole(from, last, last), null, false, Digits(high), highOpen);
    }

    // Whole numbers in a range, without leading zeros; returns the state after them.
    private int Whole(int from, long low, long high)
    {
        var to = _nfa.New();
        for (var digits = 1; digits <= MaxDigits; digits++)
        {
            var least = Math.Max(low, digits == 1 ? 0 : (long)Power(digits - 1));
            var greatest = Math.Min(high, (long)Power(digits) - 1);
            if (least <= greatest)
                Fixed(from, Text(least, digits), Text(greatest, digits), 0, atLow: true, atHigh: true, to);
        }
        return to;
    }

    private void Fixed(int from, string low, string high, int at, bool atLow, bool atHigh, int to)
    {
        if (at == low.Length)
        {
            _nfa.Skip(from, to);
            return;
        }
        if (!atLow && !atHigh)
        {
            _nfa.Skip(from, Free(low.Length - at, to));
            return;
        }
        var (least, greatest) = (atLow ? low[at] : '0', atHigh ? high[at] : '9');
        if (atLow && atHigh && least == greatest)
        {
            Fixed(Step(from, least, least), low, high, at + 1, atLow: true, atHigh: true, to);
            return;
        }
        if (atLow)
        {
            Fixed(Step(from, least, least), low, high, at + 1, atLow: true, atHigh: false, to);
            least++;
        }
        if (atHigh)
        {
            Fixed(Step(from, greatest, greatest), low, high, at + 1, atLow: false, atHigh: true, to);
            greatest--;
        }
        if (least <= greatest)
            Fixed(Step(from, least, greatest), low, high, at + 1, atLow: false, atHigh: false, to);
    }

    // So many digits of any kind.
    private int Free(int left, int to)
    {
        if (left == 0)
            return to;
        if (_free.TryGetValue((left, to), out var state))
            return state;
        state = _nfa.New();
        _free.Add((left, to), state);
        _nfa.Edge(state, (byte)'0', (byte)'9', Free(left - 1, to));
        return state;
    }

    // A fraction, or none, between two fractions of full length; null: no bound.
    private void Fraction(int from, string? low, bool lowOpen, string? high, bool highOpen)
    {
        var known = new Dictionary<(int At, bool AtLow, bool AtHigh), int>();
        EndIfWithin(from, 0, low is not null, high is not null);
        if (_fraction > 0)
        {
            var point = Step(from, '.', '.');
            DigitsAfter(point, 0, low is not null, high is not null);
        }

        void DigitsAfter(int state, int at, bool atLow, bool atHigh)
        {
            if (at == _fraction)
                return;
            var (least, greatest) = (atLow ? low![at] : '0', atHigh ? high![at] : '9');
            for (var digit = least; digit <= greatest; digit++)
            {
                var key = (at + 1, atLow && digit == least, atHigh && digit == greatest);
                if (!known.TryGetValue(key, out var next))
                {
                    next = _nfa.New();
                    known.Add(key, next);
                    EndIfWithin(next, at + 1, key.Item2, key.Item3);
                    DigitsAfter(next, at + 1, key.Item2, key.Item3);
                }
                _nfa.Edge(state, (byte)digit, (byte)digit, next);
            }
        }

        // What is not written counts as zeros.
        void EndIfWithin(int state, int at, bool atLow, bool atHigh)
        {
            var lowZero = !atLow || low.AsSpan(at).TrimStart('0').IsEmpty;
            var highZero = !atHigh || high.AsSpan(at).TrimStart('0').IsEmpty;
            if ((!atLow || (lowZero && !lowOpen)) && (!atHigh || !highZero || !highOpen))
                _nfa.Skip(state, _accept);
        }
    }

    private int Step(int from, char low, char high)
    {
        var to = _nfa.New();
        _nfa.Edge(from, (byte)low, (byte)high, to);
        return to;
    }

    private string Digits(decimal value) => Text((long)((value - decimal.Floor(value)) * Power(_fraction)), _fraction);

    private static string Text(long value, int digits) => digits == 0 ? "" : value.ToString($"D{digits}", System.Globalization.CultureInfo.InvariantCulture);

    private static int WholeDigits(decimal? value)
    {
        var digits = 1;
        while (digits <= MaxDigits && Math.Abs(value ?? 0) >= Power(digits))
            digits++;
        return digits;
    }

    private static int Scale(decimal? value)
    {
        var scale = 0;
        for (var rest = value ?? 0; scale <= MaxDigits && rest != decimal.Floor(rest); rest = (rest - decimal.Floor(rest)) * 10)
            scale++;
        return scale;
    }

    private static decimal Power(int digits)
    {
        var power = 1m;
        for (var i = 0; i < digits; i++)
            power *= 10;
        return power;
    }
}
