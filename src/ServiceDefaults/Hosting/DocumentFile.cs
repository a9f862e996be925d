using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>A document that a service also writes to a file. It is replaced whole, so nobody ever reads half of it.</summary>
public sealed class DocumentFile
{
    private readonly string _path;

    private DocumentFile(string path) => _path = path;

    /// <summary>The file that <c>datastore:filename</c> names, else <c>data/{service}/data.json</c>.</summary>
    public static DocumentFile Of(IConfiguration configuration, ServiceIdentity service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new DocumentFile(
            Path.GetFullPath(Settings.DatastoreFilename.Read(configuration) ?? Path.Combine("data", service.Name, "data.json"))
        );
    }

    /// <summary>A file, relative to the current folder.</summary>
    public static DocumentFile At(string path) => new(Path.GetFullPath(path));

    /// <summary>Puts <paramref name="document"/> in the place of what was there.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        // Beside it, because only within a file system is a file replaced in one step; with a name of its own, because others may write too.
        var temporary = $"{_path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllBytesAsync(temporary, document, cancellationToken);
            File.Move(temporary, _path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
