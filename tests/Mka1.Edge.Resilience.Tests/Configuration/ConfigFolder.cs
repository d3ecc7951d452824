namespace Mka1.Edge.Resilience.Tests.Configuration;

/// <summary>A folder with a configuration file, and the ways in which such files are changed.</summary>
internal sealed class ConfigFolder : IDisposable
{
    private const string Name = "edge.json";
    private const string Data = "..data";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge");
    private int _generation;

    public string Path => System.IO.Path.Combine(_folder.FullName, Name);

    /// <summary>Another file takes the place of the one that is there.</summary>
    public void Rename(string text, string next = "next")
    {
        var other = System.IO.Path.Combine(_folder.FullName, next);
        File.WriteAllText(other, text);
        File.Move(other, Path, overwrite: true);
    }

    /// <summary>The file is written over as it lies there.</summary>
    public void Edit(string text) => File.WriteAllText(Path, text);

    /// <summary>As Kubernetes mounts a configuration map: the file is a link through a link to a folder, and that one is swapped.</summary>
    public void Swap(string text)
    {
        var generation = $"..{_generation++}";
        Directory.CreateDirectory(System.IO.Path.Combine(_folder.FullName, generation));
        File.WriteAllText(System.IO.Path.Combine(_folder.FullName, generation, Name), text);
        Link(Data, generation);
        if (File.ResolveLinkTarget(Path, returnFinalTarget: false) is null) Link(Name, System.IO.Path.Combine(Data, Name));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Link(string name, string target)
    {
        var link = System.IO.Path.Combine(_folder.FullName, name + ".new");
        File.CreateSymbolicLink(link, target);

        // In one step; the framework moves no link to a folder over another.
        using var move = System.Diagnostics.Process.Start("mv", ["-T", link, System.IO.Path.Combine(_folder.FullName, name)]);
        move.WaitForExit();
        if (move.ExitCode != 0) throw new IOException($"{name} could not be swapped.");
    }
}
