using System.ComponentModel.DataAnnotations;

namespace KafkaMySql;

/// <summary>A reader whose progress the relay watches.</summary>
public sealed class LogReader
{
    /// <summary>The reader's name, for logs and metrics.</summary>
    [Required, MinLength(1)]
    public string Name { get; set; } = "";

    /// <summary>The reader's base address; its progress is at <c>{Url}/progress</c>.</summary>
    [Required, Url]
    public string Url { get; set; } = "";
}
