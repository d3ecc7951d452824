namespace Mka1.Edge.Local.Servers;

/// <summary>Where the machine's packages put the programs of the private servers.</summary>
/// <param name="Redis">The Redis server.</param>
/// <param name="PostgresFolder">Folder of the Postgres server and initdb.</param>
internal sealed record ServerPrograms(string Redis, string PostgresFolder)
{
    private const string DebianPostgres = "/usr/lib/postgresql";

    /// <param name="path">Folders to look in, as in the environment variable PATH.</param>
    /// <exception cref="LocalRunException">A program is missing; the message names its package.</exception>
    public static ServerPrograms Find(string path)
    {
        var (redis, postgres) = (OnPath("redis-server"), NewestPostgres() ?? Path.GetDirectoryName(OnPath("initdb")));
        List<string> missing = [];
        if (redis is null) missing.Add("redis-server");
        if (postgres is null) missing.Add("postgresql");
        if (OnPath("setsid") is null || OnPath("setpriv") is null) missing.Add("util-linux");
        if (missing.Count > 0)
            throw new LocalRunException($"--stores local needs programs that are not installed: {string.Join(", ", missing)}. On Debian or Ubuntu: apt-get install {string.Join(' ', missing)}");

        return new ServerPrograms(redis!, postgres!);

        string? OnPath(string program) => path
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Debian keeps the server programs off the PATH, one folder a version.</summary>
    private static string? NewestPostgres() => !Directory.Exists(DebianPostgres)
        ? null
        : Directory.EnumerateDirectories(DebianPostgres)
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
}
