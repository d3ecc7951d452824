using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Tests.Kernels;

public sealed class ComputeTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_part_of_every_work_is_done_once_and_before_the_return(int threads)
    {
        using var team = new ComputeTeam(threads);
        for (var i = 0; i < 3000; i++)
        {
            var work = new Counting();
            team.Run(work);
            Assert.Equal(Enumerable.Repeat(1, work.Counts.Length), work.Counts);
        }
    }

    [Fact]
    public async Task A_busy_team_leaves_others_to_work_alone()
    {
        using var team = new ComputeTeam(3);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                var work = new Counting();
                team.Run(work);
                Assert.Equal(Enumerable.Repeat(1, work.Counts.Length), work.Counts);
            }
        })));
    }

    [Fact]
    public void A_fault_in_any_part_reaches_the_caller_and_the_team_goes_on()
    {
        using var team = new ComputeTeam(3);
        for (var i = 0; i < 50; i++)
            Assert.Throws<InvalidOperationException>(() => team.Run(new Failing(i % 12)));
        var work = new Counting();
        team.Run(work);
        Assert.All(work.Counts, count => Assert.Equal(1, count));
    }

    private sealed class Counting : IPartitionedWork
    {
        private readonly Lock _lock = new();

        public int[] Counts { get; private set; } = [];

        public void Run(int part, int parts)
        {
            lock (_lock)
            {
                if (Counts.Length == 0)
                    Counts = new int[parts];
                Counts[part]++;
            }
        }
    }

    private sealed class Failing(int at) : IPartitionedWork
    {
        public void Run(int part, int parts)
        {
            if (part == at)
                throw new InvalidOperationException("on purpose");
        }
    }
}
