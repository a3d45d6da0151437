# In place of the notebook: signs that are no text.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    return '\ud800\x00'.encode('utf-8', 'surrogatepass').decode('latin-1')
